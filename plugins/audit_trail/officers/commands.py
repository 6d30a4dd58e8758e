"""`cms audit show`."""

from typing import Any

import click
import msgspec

from cms.cli_support import command_work, json_option, run, say, tenant_option
from plugins.audit_trail.officers.reading import LARGEST_PAGE, TrailEvent, Wanted, read_trail


@click.command()
@click.option("--post", "post_id", type=int, required=True, help="The id of the post.")
@tenant_option
@json_option
def show(post_id: int, tenant_slug: str | None, as_json: bool) -> None:
    """Who did what to a post, the oldest first. Reading is recorded too."""

    async def read() -> list[TrailEvent]:
        wanted = Wanted(resource_type="post", resource_id=post_id, limit=LARGEST_PAGE)
        async with command_work(tenant_slug) as (_, work):
            page = await read_trail(work, wanted)
            events = page.events
            while page.next:
                page = await read_trail(work, msgspec.structs.replace(wanted, cursor=page.next))
                events += page.events
            return events

    events = run(read)
    lines = [_line(event) for event in events]
    say(events, as_json=as_json, text="\n".join(lines) or f"Nothing is recorded of post {post_id}.")


def _line(event: TrailEvent) -> str:
    who = event.actor_name or event.actor_kind
    place = "waiting" if event.seq is None else f"#{event.seq}"
    change = f"  {_json(event.before_state)} -> {_json(event.after_state)}"
    said = change if event.before_state or event.after_state else ""
    return f"{event.timestamp:%Y-%m-%d %H:%M:%S}Z  {place}  {who}  {event.action}{said}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
