"""The raw data on the laptop: its file, every question to it and every change of it."""
