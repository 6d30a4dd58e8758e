"""Letters that the house sends: few, short, and with nothing in them that need not be."""
