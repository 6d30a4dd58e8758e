"""The hashed bytes, the hashes, the tree and the signed notes: pure functions, no database."""
