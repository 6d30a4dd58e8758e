"""From an event to its row, in the transaction that it belongs to."""
