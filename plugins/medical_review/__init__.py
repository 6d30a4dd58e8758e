"""Nothing medical reaches readers but the text that a reviewer has approved, to the byte."""

from plugins.medical_review.declaration import plugin

__all__ = ["plugin"]
