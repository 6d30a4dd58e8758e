"""What convinces an outsider: proofs of single events, the published head and tiles."""
