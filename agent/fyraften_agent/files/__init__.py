"""Files as such: written whole or not at all, readable by one person, with room kept for them."""
