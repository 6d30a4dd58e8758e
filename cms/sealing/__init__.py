"""Values that are kept encrypted: keys, what is sealed with them, and changing them."""
