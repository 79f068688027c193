"""Consent as a signed chain of events: its file, its keys, its texts and its end."""
