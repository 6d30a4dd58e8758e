"""What the commands that check something end with, for scripts."""

GREEN, RED, CANNOT = 0, 1, 2
"""Exit codes: it holds, it does not, it cannot be told."""
