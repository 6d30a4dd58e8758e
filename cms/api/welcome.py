"""The front door, for somebody who opens the bare address: where everything else is."""

from cms.api.routing import open_get

DOORS = {"wordpress": "/wp-json/", "description": "/api/openapi.json", "health": "/healthz"}


@open_get("/", because="It names the doors, which are the same for every site.")
async def show_doors() -> dict[str, str]:
    """Where the API, its description and the health are."""
    return DOORS
