"""The demo clinic's compliance officer."""

from typing import Any


async def seed(site: Any) -> None:
    """Somebody who may read the trail."""
    await site.person("officer", "Olívia Encarregada", ["compliance_officer"])
