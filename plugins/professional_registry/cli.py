"""`cms registry …`: rosters and registrations from the command line."""

from pathlib import Path

import click
import msgspec

from cms.cli_support import (
    chosen_tenant,
    command_work,
    json_option,
    opened_host,
    progress_bar,
    run,
    say,
    tenant_option,
)
from cms.identity.users import user_by_login
from plugins.professional_registry import commands, lookups, overview, registrations
from plugins.professional_registry.cases import close
from plugins.professional_registry.demo_roster import write_roster
from plugins.professional_registry.lookups import ProviderState


@click.group()
def registry() -> None:
    """Professional registrations and the rosters that they are verified against."""


@registry.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--council", help="PATH is a CSV file of this council: CRP, COREN, CRO, …")
@click.option(
    "--column", "columns", multiple=True, help="Which column is a field: status=SITUACAO_ATUAL."
)
@tenant_option
@json_option
def import_roster(
    path: Path,
    council: str | None,
    columns: tuple[str, ...],
    tenant_slug: str | None,
    as_json: bool,
) -> None:
    """Replace CFM's roster by the 27 files in PATH (a folder or a ZIP), or with --council that
    council's by a CSV file, and verify everybody."""
    mapping = _mapping(columns)

    async def imported() -> commands.RosterImport:
        async with opened_host() as host:
            tenant = await chosen_tenant(host, tenant_slug)
            with progress_bar("importing", is_shown=not as_json) as progress:
                if council is not None:
                    return await commands.import_csv(
                        host.shop, tenant, path, council, mapping=mapping, progress=progress
                    )
                return await commands.import_roster(host.shop, tenant, path, progress=progress)

    result = run(imported)
    say(
        msgspec.to_builtins(result),
        as_json=as_json,
        text=f"{result.council}: {result.rows} rows imported, {result.verified} people verified.",
    )


def _mapping(columns: tuple[str, ...]) -> dict[str, str]:
    pairs = [column.partition("=") for column in columns]
    if any(not (field and title) for field, _, title in pairs):
        raise click.BadParameter("write it like status=SITUACAO_ATUAL", param_hint="--column")
    return {field: title for field, _, title in pairs}


@registry.command("add")
@click.argument("login")
@click.argument("number")
@click.option("--name", "full_name", required=True, help="As the council has it, in full.")
@click.option("--may-approve", is_flag=True, help="Let her approve medical content.")
@tenant_option
def add(
    login: str, number: str, full_name: str, may_approve: bool, tenant_slug: str | None
) -> None:
    """Note that LOGIN holds the registration NUMBER (`CRM-SP 123456`), and verify it."""

    async def added() -> str:
        async with command_work(tenant_slug) as (_, work):
            user = await user_by_login(work, login)
            profile = registrations.Profile(can_approve_medical_content=may_approve)
            person = await registrations.register(work, user.id, number, full_name, profile)
            person = await registrations.verify(work, person.id)
            return str(person.validation_status)

    click.echo(f"{number}: {run(added)}")


@registry.command("verify")
@click.argument("number", required=False)
@tenant_option
def verify(number: str | None, tenant_slug: str | None) -> None:
    """Verify one registration again, or all of them."""

    async def verified() -> int:
        async with opened_host() as host:
            tenant = await chosen_tenant(host, tenant_slug)
            return await commands.verify(host.shop, tenant, number)

    click.echo(f"{run(verified)} verified.")


@registry.command("show")
@click.argument("number")
@tenant_option
def show(number: str, tenant_slug: str | None) -> None:
    """A registration with its standing today and its history, as JSON."""

    async def shown() -> object:
        async with opened_host() as host:
            tenant = await chosen_tenant(host, tenant_slug)
            return await commands.show(host.shop, tenant, number)

    click.echo(msgspec.json.format(msgspec.json.encode(run(shown)), indent=2).decode())


@registry.command("demo-roster")
@click.argument("folder", type=click.Path(path_type=Path))
def demo_roster(folder: Path) -> None:
    """Write a roster of invented people into FOLDER, to try the import with."""
    write_roster(folder)
    click.echo(f"27 files are in {folder}")


@registry.command("status")
@tenant_option
@json_option
def status(tenant_slug: str | None, as_json: bool) -> None:
    """Who may sign today and who may not: one line for each registration."""

    async def asked() -> list[overview.Line]:
        async with command_work(tenant_slug) as (_, work):
            return await overview.registrations_of(work)

    lines = run(asked)
    told = "\n".join(overview.line(one) for one in lines) or "Nobody is registered yet."
    say(msgspec.to_builtins(lines), as_json=as_json, text=told)


@registry.command("providers")
@tenant_option
@json_option
def providers(tenant_slug: str | None, as_json: bool) -> None:
    """The sources, and whether they can be relied on today; exit code 1 when one cannot."""

    async def asked() -> list[ProviderState]:
        async with command_work(tenant_slug) as (_, work):
            return await lookups.providers(work)

    states = run(asked)
    told = "\n".join(overview.provider_line(one) for one in states)
    say(msgspec.to_builtins(states), as_json=as_json, text=told)
    if not all(one.is_well for one in states):
        raise SystemExit(1)


@registry.group("cases")
def cases() -> None:
    """Registrations that lost the right to sign, and how far each case has come."""


@cases.command("list")
@click.option("--all", "closed_too", is_flag=True, help="Closed cases too.")
@tenant_option
@json_option
def list_cases(closed_too: bool, tenant_slug: str | None, as_json: bool) -> None:
    """The cases, the oldest first."""

    async def asked() -> list[overview.CaseLine]:
        async with command_work(tenant_slug) as (_, work):
            return await overview.cases_of(work, closed_too=closed_too)

    lines = run(asked)
    told = "\n".join(overview.case_line(one) for one in lines) or "There is no case."
    say(msgspec.to_builtins(lines), as_json=as_json, text=told)


@cases.command("show")
@click.argument("case_id", type=int)
@tenant_option
@json_option
def show_case(case_id: int, tenant_slug: str | None, as_json: bool) -> None:
    """One case: what it rests on, the texts that carry the person, and what was done."""

    async def asked() -> overview.CaseSheet:
        async with command_work(tenant_slug) as (_, work):
            return await overview.case_sheet(work, case_id)

    sheet = run(asked)
    say(msgspec.to_builtins(sheet), as_json=as_json, text=overview.case_page(sheet))


@cases.command("close")
@click.argument("case_id", type=int)
@tenant_option
def close_case(case_id: int, tenant_slug: str | None) -> None:
    """End a case about which nothing is left to do; a contested one has to be reviewed first."""

    async def closed() -> str:
        async with command_work(tenant_slug) as (_, work):
            return (await close(work, case_id)).outcome or "no review was asked for"

    click.echo(f"Case {case_id} is closed: {run(closed)}.")
