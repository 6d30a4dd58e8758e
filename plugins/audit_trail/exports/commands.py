"""`cms audit export`."""

import sys
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from cms.cli_support import (
    chosen_tenant,
    fail,
    json_option,
    opened_host,
    progress_bar,
    run,
    say,
    tenant_option,
)
from cms.database.work import UnitOfWork
from cms.errors import CmsError
from cms.kernel.actors import SYSTEM, RequestFacts
from plugins.audit_trail.exit_codes import CANNOT
from plugins.audit_trail.exports.asked import Asked, Form
from plugins.audit_trail.exports.making import Made, Order, make_export

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"])


class Range(click.ParamType[tuple[int | None, int | None]]):
    """`A:B`, both inclusive; either may be left out."""

    name = "A:B"

    def convert(self, value: Any, _: Any, __: Any) -> tuple[int | None, int | None]:
        first, colon, last = str(value).partition(":")
        if not colon or not all(part == "" or part.isdecimal() for part in (first, last)):
            self.fail(f"{value!r} is no range of entries; write for instance 0:999")
        return int(first) if first else None, int(last) if last else None


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--since", type=MOMENT, help="From this moment on (UTC).")
@click.option("--until", type=MOMENT, help="Up to this moment, which is not included (UTC).")
@click.option("--entries", type=Range(), default=":", help="Entries of the log, both inclusive.")
@click.option("--epoch", type=int, help="Epoch of the log; with --entries the newest if left out.")
@click.option("--event", "event_id", type=click.UUID, help="One event.")
@click.option("--resource", help="TYPE or TYPE:ID, such as post:7.")
@click.option("--actor", "actor_id", type=int, help="Id of the person who acted.")
@click.option("--data-subject", help="Reference of the person whom the events are about.")
@click.option("--action", help="Audit tag, such as content:post:transition.")
@click.option("--outcome", type=click.Choice(["success", "refused", "failed"]))
@click.option("--risk", "risk_level", type=click.Choice(["low", "medium", "high", "critical"]))
@click.option("--request", "request_id", help="Id of the request that caused them.")
@click.option(
    "--format",
    "forms",
    multiple=True,
    type=click.Choice([form.value for form in Form]),
    help="A form for people and programs beside the evidence; may be given again.",
)
@click.option("--personal", "is_opened", is_flag=True, help="Open sealed personal values too.")
@click.option("--wait", "patience", type=float, default=15.0, show_default=True,
              help="Seconds to wait for the log's own entry about the export.")  # fmt: skip
@tenant_option
@json_option
def export(
    *,
    target: Path,
    forms: tuple[str, ...],
    is_opened: bool,
    patience: float,
    tenant_slug: str | None,
    as_json: bool,
    **conditions: Any,
) -> None:
    """Write events with their proof into the folder TARGET, or the archive TARGET.zip. Whoever
    receives it checks it with verify.py, which is inside."""
    asked, place = _asked(conditions), target.absolute()

    async def made() -> Made:
        async with opened_host() as host:
            tenant = await chosen_tenant(host, tenant_slug)
            facts = RequestFacts(request_id=host.new_request_id(), channel="cli")

            def new_work() -> AbstractAsyncContextManager[UnitOfWork]:
                return host.shop.work(tenant, SYSTEM, facts)

            with progress_bar("exporting", is_shown=not as_json) as progress:
                chosen = [Form(form) for form in forms]
                order = Order(asked, chosen, is_opened, patience, progress)
                return await make_export(new_work, order, place)

    try:
        written = run(made)
    except CmsError as refusal:
        fail(refusal)
    except OSError as fault:
        click.echo(f"cms: {fault}", err=True)
        sys.exit(CANNOT)
    say(
        {"target": str(target), "manifest": written.manifest, "entries": written.entries,
         "size": written.size, "receipt": written.receipt},
        as_json=as_json,
        text=_told(target, written),
    )  # fmt: skip


def _asked(conditions: dict[str, Any]) -> Asked:
    first, last = conditions.pop("entries")
    kind, _, number = (conditions.pop("resource") or "").partition(":")
    if number and not number.isdecimal():
        raise click.BadParameter(f"{number!r} is no id", param_hint="--resource")
    for name in ("since", "until"):
        moment: datetime | None = conditions[name]
        conditions[name] = None if moment is None else moment.replace(tzinfo=UTC)
    event_id = conditions.pop("event_id")
    return Asked(
        first=first,
        last=last,
        resource_type=kind or None,
        resource_id=int(number) if number else None,
        event_id=None if event_id is None else str(event_id),
        **conditions,
    )


def _told(target: Path, made: Made) -> str:
    counted = f"{target}: {made.entries} events under the signed head of {made.size} entries"
    if made.receipt is None:
        return (
            f"{counted}\nno receipt: nobody signed the log's entry about this export in time (is "
            f"cms worker running?). Its manifest is {made.manifest}"
        )
    return f"{counted}; entry {made.receipt} of the log tells of it"
