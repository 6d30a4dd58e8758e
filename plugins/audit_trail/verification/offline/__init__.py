"""Exports verified with no database: by the product, and by the one file that outsiders get."""
