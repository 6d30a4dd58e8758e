"""Rules on events, watched by the worker; what they find is told to people."""
