"""The ways that a text takes to its approval: data, in versions that never change."""
