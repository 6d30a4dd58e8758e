"""`cms audit show`."""

from typing import Any

import click
import msgspec

from cms.cli_support import command_work, json_option, run, say, tenant_option
from plugins.audit_trail.officers.filters import LARGEST_PAGE, Paging, read_wanted
from plugins.audit_trail.officers.opening import TrailEvent
from plugins.audit_trail.officers.purposes import BY_NAME
from plugins.audit_trail.officers.reading import read_trail


@click.command()
@click.option("--post", "post_id", type=int, help="The id of a post: --resource post:ID.")
@click.option("--resource", help="A thing as TYPE:ID, or a TYPE.")
@click.option("--person", type=int, help="The id of who did it.")
@click.option("--data-subject", help="Whom it is about, as events name them.")
@click.option("--action", help="An action, or the beginning of some: content:*")
@click.option("--outcome", help="success, refused or failed.")
@click.option("--risk", help="At least this risk: low, medium, high or critical.")
@click.option("--ip", help="From which address.")
@click.option("--request", "request_id", help="The id of a request.")
@click.option("--channel", help="rest, cli, worker, …")
@click.option("--kind", "actor_kind", help="Who, by kind: person, system or anonymous.")
@click.option("--since", help="From this time on, like 2026-01-31 or 2026-01-31T10:00:00Z.")
@click.option("--until", help="Before this time.")
@click.option("--newest-first", is_flag=True, help="Instead of the oldest first.")
@click.option("--limit", type=click.IntRange(1), help="At most so many; all if left out.")
@click.option("--purpose", type=click.Choice(list(BY_NAME)), help="What for; it is recorded.")
@tenant_option
@json_option
def show(  # noqa: PLR0917 - click gives each option by name
    post_id: int | None,
    resource: str | None,
    person: int | None,
    risk: str | None,
    newest_first: bool,
    limit: int | None,
    purpose: str | None,
    tenant_slug: str | None,
    as_json: bool,
    **filters: Any,
) -> None:
    """Who did what, the oldest first. Reading is recorded too."""
    kind, _, thing = (f"post:{post_id}" if post_id is not None else resource or "").partition(":")
    wanted = read_wanted(
        {
            **filters,
            "resource_type": kind or None,
            "resource_id": thing or None,
            "actor_id": person,
            "risk_at_least": risk,
        }
    )
    most = limit or LARGEST_PAGE

    async def read() -> list[TrailEvent]:
        paging = Paging(newest_first=newest_first, limit=min(most, LARGEST_PAGE))
        async with command_work(tenant_slug) as (_, work):
            page = await read_trail(work, wanted, paging, purpose=purpose)
            events = page.events
            while page.next and (limit is None or len(events) < limit):
                following = msgspec.structs.replace(paging, cursor=page.next)
                page = await read_trail(work, wanted, following, purpose=purpose)
                events += page.events
            return events[:limit]

    events = run(read)
    lines = [_line(event) for event in events]
    nothing = f"Nothing is recorded of {kind} {thing}." if thing else "Nothing is recorded of that."
    say(events, as_json=as_json, text="\n".join(lines) or nothing)


def _line(event: TrailEvent) -> str:
    who = event.actor_name or event.actor_kind
    place = "waiting" if event.seq is None else f"#{event.seq}"
    change = f"  {_json(event.before_state)} -> {_json(event.after_state)}"
    said = change if event.before_state or event.after_state else ""
    return f"{event.timestamp:%Y-%m-%d %H:%M:%S}Z  {place}  {who}  {event.action}{said}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
