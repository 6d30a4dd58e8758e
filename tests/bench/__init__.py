"""Measurements through the real door; `make bench` writes docs/reference/benchmarks.md."""
