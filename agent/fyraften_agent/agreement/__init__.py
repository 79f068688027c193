"""The home-work agreement as a file both sides read, and as a printed sheet."""
