"""A text is handed over, read, and decided on; what stands in its way is said."""
