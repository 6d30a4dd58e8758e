"""`cms audit heads`."""

from datetime import datetime
from typing import Any

import click
import msgspec
import psycopg

from cms.cli_support import json_option, load_settings, say
from cms.host import addresses
from plugins.audit_trail.hashing.notes import Checkpoint

_HEADS = """
select c.epoch, c.size, c.root, c.note, c.stored_at, c.urgent, e.origin,
       array(select p.target from audit.publications p
             where (p.epoch, p.size) >= (c.epoch, c.size) order by p.target)
from audit.checkpoints c join audit.epochs e on e.number = c.epoch
order by c.epoch desc, c.size desc limit %s
"""


class ListedHead(msgspec.Struct, frozen=True):
    """A signed head. `published`: the places that have it, or one after it that vouches for it;
    `witnessed`: the names that signed it beside the log."""

    epoch: int
    size: int
    root: str
    signed_at: datetime
    published: list[str]
    witnessed: list[str]
    is_urgent: bool


@click.command()
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@json_option
def heads(last: int, as_json: bool) -> None:
    """The signed heads, newest first: what each covers, and who else has it."""
    with psycopg.connect(addresses(load_settings()).owner, connect_timeout=10) as connection:
        found = [_listed(row) for row in connection.execute(_HEADS, [last])]
    if not found:
        text = "Nothing is signed yet: start a worker (cms worker)."
    else:
        text = "\n".join(map(_line, found))
    say(found, as_json=as_json, text=text)


def _listed(row: tuple[Any, ...]) -> ListedHead:
    epoch, size, root, note, at, is_urgent, origin, published = row
    names = {line.name for line in Checkpoint.parse(note.encode()).signatures}
    return ListedHead(epoch, size, root.hex(), at, published, sorted(names - {origin}), is_urgent)


def _line(head: ListedHead) -> str:
    published = ", ".join(head.published) or "nowhere"
    witnessed = ", ".join(head.witnessed) or "by nobody"
    mark = "  urgent" if head.is_urgent else ""
    return (
        f"{head.signed_at:%Y-%m-%d %H:%M:%S%z}  epoch {head.epoch}  {head.size} entries  "
        f"{head.root[:16]}  published: {published}  witnessed: {witnessed}{mark}"
    )
