"""The product's own API, /api/v1."""
