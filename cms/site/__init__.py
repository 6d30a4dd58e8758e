"""What a site is put together from, shows around its content, and tells others of it."""
