"""The forms in which reference managers give their items away."""
