"""Bytes: which files are taken, what is stripped from them, their renditions, where they lie."""
