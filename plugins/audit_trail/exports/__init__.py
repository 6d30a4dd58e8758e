"""Evidence exports: events with the proof that they were in the log, checked without any of us."""
