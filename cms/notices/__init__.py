"""Telling people: of which kinds, by which ways, when, and in whose words."""
