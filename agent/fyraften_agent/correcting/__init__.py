"""The employee's corrections of their records: one way for the command line and the local page."""
