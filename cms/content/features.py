"""What posts of a type have, by what the type says that it supports."""

from cms.kernel.declarations import PostType

# WordPress gives its own types these whatever they say they support.
_ALWAYS = {"page": frozenset({"excerpt"})}


def has(post_type: PostType, feature: str) -> bool:
    """Whether posts of the type have the fields of this feature."""
    return feature in post_type.supports or feature in _ALWAYS.get(post_type.name, ())
