"""What a text takes along when it goes live: its pictures, and the texts that it points to."""
