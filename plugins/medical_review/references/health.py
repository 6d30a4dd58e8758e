"""How the sources of literature are, for `cms check`; nothing is asked for it."""

from typing import Any

from cms.kernel.declarations import Health, HealthCheck, Serves
from plugins.medical_review.references.sources.asking import sources
from plugins.medical_review.settings import ReviewSettings
from plugins.professional_registry.resilience import Circuit

NAME = "literature"


async def sources_answer(host: Any) -> Health:
    """Whether every source that this process may ask has answered when it was asked last."""
    settings = host.registry.settings(ReviewSettings).references
    asked = list(sources(settings))
    if not asked:
        return Health(NAME, True, "no source is asked; references are typed by hand")
    silent = [one.name.value for one in asked if one.circuit is not Circuit.CLOSED]
    if silent:
        return Health(
            NAME,
            False,
            f"do not answer: {', '.join(silent)}",
            "wait, or look whether their addresses can be reached from here",
            Serves.EVERYTHING,
        )
    return Health(NAME, True, f"may be asked: {', '.join(one.name.value for one in asked)}")


REFERENCE_HEALTH = (HealthCheck(NAME, sources_answer, readyz=False),)
