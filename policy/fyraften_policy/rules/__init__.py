"""The rules: one module a rule, each a function from facts to findings.

A rule holds no numbers (they are law parameters), reads no clock and knows no other rule.
"""
