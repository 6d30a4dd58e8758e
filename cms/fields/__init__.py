"""Custom field groups: what Advanced Custom Fields calls them, typed and checked on the server."""
