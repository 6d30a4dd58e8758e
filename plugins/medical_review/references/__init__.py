"""What a text rests on: the literature that it names."""
