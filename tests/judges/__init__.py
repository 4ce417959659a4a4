"""Judges of the web app from outside: what it promises to everybody's eyes, ears, hands and browsers."""
