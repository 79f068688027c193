"""Fyraften's agent: what runs on the employee's own laptop.

It notes when the person works at the screen and where, judges that by the rules of ``fyraften_policy``, tells the
person in time, and keeps what may be sent until the person lets it go.  Nothing starts by importing this package.
"""
