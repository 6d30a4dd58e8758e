"""Tenants, the host names they answer to, and the options of a site."""
