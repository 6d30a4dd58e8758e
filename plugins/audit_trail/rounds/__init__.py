"""The verification as the product does it by itself: every night, and when an officer asks."""
