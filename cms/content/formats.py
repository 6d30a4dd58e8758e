"""What kind of post a post is: an aside, a quotation, a gallery."""

STANDARD = "standard"
FORMATS = [
    STANDARD, "aside", "chat", "gallery", "link", "image", "quote", "status", "video", "audio",
]  # fmt: skip
