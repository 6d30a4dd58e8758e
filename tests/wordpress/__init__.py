"""The same requests to a running WordPress and to ours, and what differs in the answers."""
