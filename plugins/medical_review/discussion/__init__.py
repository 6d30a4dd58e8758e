"""What people say to one another about a text before readers get it."""
