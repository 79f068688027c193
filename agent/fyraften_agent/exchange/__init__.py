"""Copies, exports and imports: the employee's data in files of other programs."""
