"""`cms audit alerts`."""

from typing import Any

import click

from cms.cli_support import command_work, json_option, run, say, tenant_option
from plugins.audit_trail.alerts import alerts as log
from plugins.audit_trail.alerts import rules
from plugins.audit_trail.alerts.models import ACKNOWLEDGED, OPEN


@click.command()
@click.option("--state", type=click.Choice([OPEN, ACKNOWLEDGED]), help="Only alerts in this state.")
@click.option("--limit", type=click.IntRange(1, 500), default=50, help="At most so many.")
@click.option("--rules", "as_rules", is_flag=True, help="The rules instead of what they found.")
@tenant_option
@json_option
def alerts(
    state: str | None, limit: int, as_rules: bool, tenant_slug: str | None, as_json: bool
) -> None:
    """What the alert rules have found, the newest first."""

    async def read() -> tuple[list[Any], str]:
        async with command_work(tenant_slug) as (_, work):
            if as_rules:
                found = await rules.listing(work)
                said = [{"id": one.id, "terms": rules.terms_of(one)} for one in found]
                lines = [
                    f"{one.id:>4}  {'on ' if one.is_active else 'off'}  {one.name}" for one in found
                ]
            else:
                raised, _more = await log.listing(work, state=state, limit=limit)
                said = [
                    {
                        "id": one.id,
                        "rule": one.rule_name,
                        "raised_at": one.raised_at,
                        "state": one.state,
                        "events": [str(event) for event in one.events],
                    }
                    for one in raised
                ]
                lines = [
                    f"{one.id:>4}  {one.raised_at:%Y-%m-%d %H:%M}Z  {one.state:<12}  "
                    f"{one.rule_name}  ({len(one.events)} events)"
                    for one in raised
                ]
            return said, "\n".join(lines)

    said, text = run(read)
    say(said, as_json=as_json, text=text or "There are no alerts.")
