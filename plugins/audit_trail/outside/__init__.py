"""What others say of our heads: witnesses that cosign them, an authority that fixes their time."""
