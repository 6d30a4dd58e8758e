"""A witness of other people's logs: a small process that another organisation runs."""
