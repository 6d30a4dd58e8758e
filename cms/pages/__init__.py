"""Addresses outside of the APIs: feeds, the sitemap, redirects, and previews for front ends."""
