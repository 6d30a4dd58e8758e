"""`cms audit check-head`."""

import sys
from pathlib import Path

import click
import msgspec

from cms.cli_support import command_work, json_option, run, say, tenant_option
from cms.database.work import UnitOfWork
from cms.errors import CmsError, Conflict
from plugins.audit_trail.exit_codes import CANNOT, RED
from plugins.audit_trail.hashing.extension import Extension
from plugins.audit_trail.hashing.notes import Checkpoint, KeyRefused, NoteRefused, VerifierKey
from plugins.audit_trail.officers.reading import head_of, newest_head
from plugins.audit_trail.outside.wire import Unanswered, send
from plugins.audit_trail.proving.consistency import extension_from
from plugins.audit_trail.remembering.following import SEAMS, ShownEpoch, follow
from plugins.audit_trail.remembering.kept import Contradicted, KeptHead

HERE = "/.well-known/audit"
SECONDS = 20.0


@click.command("check-head")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--url", help="Ask this site, such as https://clinic.example; else the installation "
              "whose database is at hand.")  # fmt: skip
@click.option("--keys", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The first time: the log's verifier keys, got on another way.")  # fmt: skip
@tenant_option
@json_option
def check_head(
    *, file: Path, url: str | None, keys: Path | None, tenant_slug: str | None, as_json: bool
) -> None:
    """Whether today's log continues the head kept in FILE, which is then brought up to date.

    Exit code 0: it does, 1: its past is another, 2: it cannot be told."""
    try:
        if not file.exists():
            _keep_first(file, url, keys)
            return
        kept = KeptHead.parse(file.read_bytes())
        new = run(lambda: _followed(kept, url, tenant_slug))
    except (Contradicted, Conflict) as fault:
        reason = f"{fault} ({file} is left as it was: it is evidence)"
        say({"verdict": "red", "reason": reason}, as_json=as_json, text=f"RED    {reason}")
        sys.exit(RED)
    except (Unanswered, NoteRefused, KeyRefused, CmsError) as fault:
        say({"verdict": "unknown", "reason": str(fault)}, as_json=as_json, text=f"UNKNOWN  {fault}")
        sys.exit(CANNOT)
    new.save(file)
    said = {"verdict": "green", "origin": new.head.origin, "old": kept.head.size,
            "size": new.head.size}  # fmt: skip
    text = (
        f"GREEN  {new.head.origin}: today's {new.head.size} entries continue the "
        f"{kept.head.size} that were kept"
    )
    say(said, as_json=as_json, text=text)


def _keep_first(file: Path, url: str | None, keys: Path | None) -> None:
    if url is None or keys is None:
        raise NoteRefused(
            f"{file} is not there: keep a first head with cms audit head --remember {file}, "
            "or from afar by --url and --keys"
        )
    trusted = _keys(keys)
    head = run(lambda: _head(url))
    KeptHead.first(head, trusted).save(file)
    click.echo(f"{file}: {head.size} entries of {head.origin} are kept from now on")


def _keys(file: Path) -> tuple[VerifierKey, ...]:
    lines = [line.strip() for line in file.read_text().splitlines()]
    return tuple(VerifierKey.parse(line) for line in lines if line and not line.startswith("#"))


async def _head(url: str) -> Checkpoint:
    return Checkpoint.parse(await _get(f"{url.rstrip('/')}{HERE}/checkpoint"))


async def _followed(kept: KeptHead, url: str | None, tenant_slug: str | None) -> KeptHead:
    if url is not None:
        return await follow(kept, _Afar(url))
    async with command_work(tenant_slug) as (_, work):
        return await follow(kept, _AtHand(work))


class _Afar:
    """The log of a site, asked over the web."""

    def __init__(self, url: str) -> None:
        self._here = f"{url.rstrip('/')}{HERE}"

    async def epochs(self) -> list[ShownEpoch]:
        try:
            return msgspec.json.decode(await _get(f"{self._here}/epochs"), type=list[ShownEpoch])
        except msgspec.DecodeError as fault:
            raise Unanswered("senseless", f"{self._here}/epochs: {fault}") from None

    async def extension(self, epoch: int | None, old: int) -> Extension:
        which = "" if epoch is None else f"&epoch={epoch}"
        return Extension.parse(await _get(f"{self._here}/consistency?from={old}{which}"))


class _AtHand:
    """The log of this installation."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def epochs(self) -> list[ShownEpoch]:
        return [ShownEpoch(*row) for row in await self._work.audit.all(SEAMS)]

    async def extension(self, epoch: int | None, old: int) -> Extension:
        head = await newest_head(self._work) if epoch is None else await head_of(self._work, epoch)
        return await extension_from(self._work, head, old)


async def _get(address: str) -> bytes:
    reply = await send("GET", address, seconds=SECONDS)
    if reply.status == 409:
        raise Contradicted(
            "it says itself that it has fewer entries than were kept: it was set back"
        )
    if reply.status != 200:
        raise Unanswered("http-status", f"{address} answers {reply.status}")
    return reply.body
