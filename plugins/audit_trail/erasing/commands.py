"""`cms audit erase` and `cms audit access-report`."""

from datetime import datetime

import click
import msgspec

from cms.cli_support import command_work, json_option, run, say, tenant_option
from plugins.audit_trail.erasing.erase import Erased
from plugins.audit_trail.erasing.erase import erase as erase_values
from plugins.audit_trail.erasing.orders import ErasureGround, Order, subject_of
from plugins.audit_trail.erasing.report import Part
from plugins.audit_trail.erasing.report import report as report_events

_subject = click.option(
    "--subject", required=True, help="Whose: `user:7`, or `email:ana@example.org` of a stranger."
)


@click.command()
@_subject
@click.option("--order", "reference", required=True, help="The reference of the order.")
@click.option("--authority", required=True, help="The office that has ordered it.")
@click.option(
    "--ordered-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The date of the order."
)
@click.option(
    "--ground", type=click.Choice(list(ErasureGround)), required=True, help="LGPD, art. 15 and 18."
)
@tenant_option
@click.confirmation_option(prompt="Nobody can read these values ever again. Erase them?")
@json_option
def erase(
    *,
    subject: str,
    reference: str,
    authority: str,
    ordered_on: datetime,
    ground: str,
    tenant_slug: str | None,
    as_json: bool,
) -> None:
    """Erase what the trail holds sealed of a person: addresses, browsers, names. Who did what and
    when stays, and so does every proof."""
    order = Order(
        authority=authority,
        reference=reference,
        ordered_on=ordered_on.date(),
        ground=ErasureGround(ground),
    )

    async def gone() -> Erased:
        async with command_work(tenant_slug) as (_, work):
            return await erase_values(work, subject_of(subject), order)

    done = run(gone)
    text = f"Erased: the personal values of {done.events} events; {done.keys} keys are destroyed."
    say(done, as_json=as_json, text=text)


@click.command("access-report")
@_subject
@tenant_option
@json_option
def access_report(subject: str, tenant_slug: str | None, as_json: bool) -> None:
    """Everything that the trail tells of a person, for her. That it was made is recorded too."""

    async def told() -> list[Part]:
        async with command_work(tenant_slug) as (_, work):
            return await report_events(work, subject_of(subject))

    parts = run(told)
    lines = [_line(part) for part in parts]
    say(parts, as_json=as_json, text="\n".join(lines) or "The trail tells nothing of this person.")


def _line(part: Part) -> str:
    event = part.event
    relation = "by her" if part.is_by_her else "about her"
    sealed = {
        "ip": event.actor_ip,
        "user agent": event.actor_user_agent,
        "values": event.personal_values,
        "erased": event.personal_erased_at,
    }
    shown = {name: value for name, value in sealed.items() if value is not None}
    said = f"  {msgspec.json.encode(shown).decode()}" if shown else ""
    return f"{event.timestamp:%Y-%m-%d %H:%M:%S}Z  {relation}  {event.action}{said}"
