"""The branch `zero_trust` of the migrations."""
