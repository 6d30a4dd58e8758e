"""Text of posts, titles and comments: cleaned when written, rendered once, named by slugs."""
