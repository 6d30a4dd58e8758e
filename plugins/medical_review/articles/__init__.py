"""The reviewed types of content, their medical part, and how it is read and written by REST."""
