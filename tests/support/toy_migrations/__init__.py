"""The branch of the toy plugin."""
