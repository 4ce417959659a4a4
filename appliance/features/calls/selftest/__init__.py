"""The relay's self-test: a real client tries every way in, and what it finds is said in words."""
