"""The host: it knows content, people and sites; it knows no medicine."""

__version__ = "0.1.0"
