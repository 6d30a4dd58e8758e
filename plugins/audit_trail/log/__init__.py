"""From the queue to the log: one order, the stored subtrees, where to go on after a kill."""
