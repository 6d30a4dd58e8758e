"""Addresses with a query, as lists link to themselves."""

from urllib.parse import urlencode


def with_query(path: str, **values: object) -> str:
    """The path with those values that there are; what is empty is left out."""
    said = {name: value for name, value in values.items() if value not in (None, "")}
    return f"{path}?{urlencode(said)}" if said else path
