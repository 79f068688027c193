"""The state on the desktop, always visible: an icon with one-click pause, or a notice that stays where none can stand.

It lives in a thread of the supervisor, which knows the state first and outlives every pause; everything outside the
standard library is loaded in that thread, and what fails there ends the thread and nothing else.
Not here: what a click does (``clicks``), which notices there are (``notices``).
"""
