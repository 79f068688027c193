"""The local page: the employee's own view of today and the month, served to this computer only while it is open.

``server`` binds and ends it, ``guard`` decides who may read, ``peer`` asks the system whose connection it is,
``app`` renders. The figures come from ``fyraften_agent.shown.views``, the same as on the command line.
"""
