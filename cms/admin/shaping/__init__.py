"""What the screens for field groups need to show a definition and to read what was changed."""
