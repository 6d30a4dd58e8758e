"""The questions that compliance officers ask; each answer is an event itself."""
