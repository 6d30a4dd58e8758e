"""Recomputes the log from its rows with arithmetic of its own, against what was signed."""
