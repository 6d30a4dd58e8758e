"""Brings signed heads, and the hashes below them, to places that nobody here can write to."""
