"""What is done about a damaged file of raw data: set aside, saved as far as possible, told."""
