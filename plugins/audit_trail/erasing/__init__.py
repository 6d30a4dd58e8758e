"""What the trail holds about one person: all of it for her, and the end of what may go."""
