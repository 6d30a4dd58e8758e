"""Heads that officers keep: what somebody remembers cannot be rewritten unseen."""
