"""The employer's service: receives what employees agreed to send, and shows groups, never a person without their click.

Start at ``cli.py`` for the commands, ``app.py`` for the routes, ``groups.py`` for what may be shown.
Not here: what a report may hold, which ``fyraften_policy.wire`` says for both sides.
"""
