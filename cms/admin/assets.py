"""The built scripts and styles: found by name, served for ever under a name with their hash."""

import json
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response
from litestar.params import FromPath

from cms.api.routing import open_get
from cms.errors import NotFound, SetupError

STATIC = Path(__file__).parent / "static"
_YEAR = 31_536_000
_NOT_BUILT = (
    "the scripts and styles of the web application are not built: run `make assets` (it needs "
    "node 20 or newer)"
)


def asset(name: str) -> str:
    """The address of a built file, such as `app.js`. SetupError when nothing was built."""
    try:
        return f"/admin/static/{_manifest()[name]}"
    except KeyError:
        raise SetupError(f"there is no built file {name!r}; {_NOT_BUILT}") from None


@cache
def _manifest() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    except OSError as error:
        raise SetupError(_NOT_BUILT) from error
    return found


@cache
def _file(name: str) -> tuple[bytes, bytes] | None:
    """A built file and its gzip copy. Names are looked up, never joined to a path."""
    built = {path.name: path for path in STATIC.glob("*") if path.suffix in {".js", ".css"}}
    if name not in built:
        return None
    path = built[name]
    return path.read_bytes(), path.with_name(f"{path.name}.gz").read_bytes()


@open_get(
    "/admin/static/{name:str}",
    because="Scripts and styles are the same for everybody.",
    include_in_schema=False,
)
async def serve_asset(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """A script or style. Its name holds its hash, so what a browser has stays right."""
    found = _file(name)
    if found is None:
        raise NotFound("file", "at this address")
    plain, packed = found
    headers = {
        "Cache-Control": f"public, max-age={_YEAR}, immutable",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(packed, headers=headers, media_type=kind)
    return Response(plain, headers=headers, media_type=kind)
