"""Whose agreement a stage needs, counted in people; without any input or output."""
