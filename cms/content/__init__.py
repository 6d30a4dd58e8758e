"""Posts and their revisions: what is written, what readers see, and how one becomes the other."""
