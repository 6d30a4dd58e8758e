"""Reviewers from outside: no account, one text, a verified registration, a code by mail."""
