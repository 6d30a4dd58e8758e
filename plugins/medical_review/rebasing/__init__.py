"""Two texts of one post that grew from the same one, and how they become one again."""
