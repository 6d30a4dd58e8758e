"""The branch `audit_trail` of the migrations."""
