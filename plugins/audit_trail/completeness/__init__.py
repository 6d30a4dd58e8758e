"""Was everything told? Holes in the numbers, signs of life, what was set aside, silent changes."""
