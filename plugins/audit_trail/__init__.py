"""A trail that even its administrator cannot rewrite unseen: a transparency log in PostgreSQL.

What the plugin declares stands in `declaration.py` and is loaded when the host asks for it: the
signer (heads/process.py) is a process of its own, and must not bring the database and the web
with it only because it lives in this package.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plugins.audit_trail.declaration import plugin

__all__ = ["plugin"]


def __getattr__(name: str) -> Any:
    # The submodules' own imports also come through here, and must not find the declaration.
    if name != "plugin":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from plugins.audit_trail.declaration import plugin as declared

    return declared
