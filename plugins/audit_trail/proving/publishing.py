"""/.well-known/audit: the signed head and the hashes of the tree, as C2SP tlog-tiles has them.

Hashes and counts only, the same for every site of the installation. Entries are not published:
what was recorded is for officers, who hand out single events with their proofs.
"""

import re
from typing import Annotated

import msgspec
from litestar import Response
from litestar.params import QueryParameter

from cms.api.routing import get
from cms.database.work import UnitOfWork
from cms.errors import NotFound
from plugins.audit_trail.log.subtrees import TILE_LEVELS, TILE_WIDTH, tile
from plugins.audit_trail.officers.reading import head_of, newest_head
from plugins.audit_trail.outside.witnessed import witnessed_head
from plugins.audit_trail.proving.consistency import extension_from
from plugins.audit_trail.remembering.following import SEAMS, ShownEpoch
from plugins.audit_trail.settings import AuditSettings

HEAD_SECONDS, TILE_SECONDS = 5, 31_536_000

# tlog-tiles, «Merkle Tree»: 1234067 is written x001/x234/067; a partial tile says its width.
_TILE = re.compile(r"/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
_HIGHEST = 63 // TILE_LEVELS


@get("/audit/checkpoint", action="audit.publish", resource="audit_log", include_in_schema=False)
async def show_checkpoint(work: UnitOfWork) -> Response[bytes]:
    """The newest signed head."""
    head = await newest_head(work)
    return Response(
        head.note.encode(),
        media_type="text/plain",
        headers={"Cache-Control": f"public, max-age={HEAD_SECONDS}"},
    )


@get("/audit/witnessed", action="audit.publish", resource="audit_log", include_in_schema=False)
async def show_witnessed(work: UnitOfWork) -> Response[bytes]:
    """The newest head that as many witnesses have vouched for as this installation asks for; the
    newest of all where it asks for none."""
    newest = await newest_head(work)
    note = newest.note.encode()
    if work.settings(AuditSettings).witnesses.known:
        found = await witnessed_head(work, newest.epoch, above=-1)
        if found is None:
            raise NotFound("signed head", "with enough witnesses")
        note = found[0].encode()
    return Response(
        note,
        media_type="text/plain",
        headers={"Cache-Control": f"public, max-age={HEAD_SECONDS}"},
    )


@get("/audit/consistency", action="audit.publish", resource="audit_log", include_in_schema=False)
async def show_consistency(
    work: UnitOfWork,
    old: Annotated[int, QueryParameter(name="from")],
    epoch: int | None = None,
) -> Response[bytes]:
    """The newest head with the proof that it continues the one of `from` entries, in the form of
    C2SP tlog-witness; of a closed `epoch` its last head."""
    head = await newest_head(work) if epoch is None else await head_of(work, epoch)
    extension = await extension_from(work, head, old)
    return Response(
        extension.encode(),
        media_type="text/plain",
        headers={"Cache-Control": f"public, max-age={HEAD_SECONDS}"},
    )


@get("/audit/epochs", action="audit.publish", resource="audit_log", include_in_schema=False)
async def show_epochs(work: UnitOfWork) -> Response[bytes]:
    """The epochs of the log, each with its keys and the seam to the one before."""
    found = [ShownEpoch(*row) for row in await work.audit.all(SEAMS)]
    return Response(
        msgspec.json.encode(found),
        media_type="application/json",
        headers={"Cache-Control": f"public, max-age={HEAD_SECONDS}"},
    )


@get(
    "/audit/tile/{level:int}/{path:path}",
    action="audit.publish",
    resource="audit_log",
    include_in_schema=False,
)
async def show_tile(work: UnitOfWork, level: int, path: str) -> Response[bytes]:
    """A tile of the tree that the newest head signs, full or partial."""
    written = _TILE.fullmatch(path)
    if written is None or not 0 <= level <= _HIGHEST:
        raise NotFound("tile", "at this address")
    number = int(written[1].replace("x", "").replace("/", ""))
    width = int(written[2] or TILE_WIDTH)
    head = await newest_head(work)
    signed = (head.size >> level * TILE_LEVELS) - number * TILE_WIDTH
    if not 0 < width <= min(signed, TILE_WIDTH) or (written[2] and width == TILE_WIDTH):
        raise NotFound("tile", "of this width below the newest head")
    hashes = await tile(work, head.epoch, level, number, width)
    if len(hashes) != width:
        raise NotFound("tile", "of this width below the newest head")
    return Response(
        b"".join(hashes),
        media_type="application/octet-stream",
        headers={"Cache-Control": f"public, max-age={TILE_SECONDS}, immutable"},
    )


well_known = [show_checkpoint, show_witnessed, show_consistency, show_epochs, show_tile]
