"""Self-checks: the guideline's other duties as questions to the employee, answered for themselves.

The questions are data (``questions/*.toml``); the answers stay in the file of the raw data.
"""
