"""The WordPress REST API, /wp-json: what existing clients speak."""
