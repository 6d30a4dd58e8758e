"""What a site shows around its content, and what it tells others of it."""
