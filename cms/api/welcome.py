"""The front door, for somebody who opens the bare address: where everything else is."""

from typing import Any

from litestar import Request, Response

from cms.api.routing import open_get

DOORS = {"wordpress": "/wp-json/", "description": "/api/openapi.json", "health": "/healthz"}


@open_get("/", because="It names the doors, which are the same for every site.")
async def show_doors(request: Request[Any, Any, Any]) -> Response[dict[str, str]]:
    """Where the API, its description and the health are. WordPress clients look for the link."""
    link = f'<{request.base_url}wp-json/>; rel="https://api.w.org/"'
    return Response(DOORS, headers={"Link": link})
