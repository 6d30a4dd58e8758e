"""What a person puts her name to, and how that can be checked later."""
