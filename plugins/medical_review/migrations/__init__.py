"""The branch of this plugin."""
