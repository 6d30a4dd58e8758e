"""Groups that the tests of the REST door share, and how they are kept."""

from typing import Any

from cms.fields import groups
from tests.support.clinic import Clinic

V2, V1 = "/wp-json/wp/v2", "/api/v1"


def field(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"key": f"field_{name}", "name": name, "label": name.title(), "type": kind, **more}


def group(name: str, param: str, value: str, *fields: Any, **more: Any) -> dict[str, Any]:
    return {
        "key": f"group_{name}",
        "title": name.title(),
        "show_in_rest": 1,
        "location": [[{"param": param, "operator": "==", "value": value}]],
        "fields": list(fields),
        **more,
    }


async def keep(cms: Clinic, *definitions: dict[str, Any]) -> None:
    async with cms.as_system() as work:
        for definition in definitions:
            await groups.save(work, definition)
        work.afterwards(cms.host.tenants.forget)
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
