"""Notices: which are due, when they are shown, and what a person chose at them."""
