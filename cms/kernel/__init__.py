"""What a plugin may be and do. The kernel imports nothing of the host."""
