"""`cms import` and `cms export`: content from WordPress and back to it."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

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
from cms.errors import SetupError
from cms.exchange.plan import Plan
from cms.exchange.report import Report
from cms.host import Host
from cms.kernel.actors import SYSTEM, RequestFacts
from cms.kernel.tenant import Tenant

# 0: all of it is here. 1: it could not go on. 3: it came to its end, and something has no place.
INCOMPLETE = 3


def _pairs(_: Any, option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """`old=new`, any number of times."""
    found = dict(pair.partition("=")[::2] for pair in given)
    bad = [old for old, new in found.items() if not (old and new)]
    if bad:
        raise click.BadParameter(f"{bad[0]!r} must be written as OLD=NEW", param=option)
    return found


def _networks(_: Any, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    for one in given:
        try:
            ip_network(one)
        except ValueError:
            raise click.BadParameter(
                f"{one!r} is no network such as 10.0.0.0/8", param=option
            ) from None
    return given


@click.group("import")
def import_group() -> None:
    """Bring content in from elsewhere, and read what an import did."""


@import_group.command("wxr")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@tenant_option
@click.option("--author", "authors", multiple=True, callback=_pairs, help="OLD=NEW login.")
@click.option("--default-author", default=None, help="Login for authors that nobody here is.")
@click.option("--map-type", "types", multiple=True, callback=_pairs, help="OLD=NEW post type.")
@click.option("--map-taxonomy", "taxonomies", multiple=True, callback=_pairs, help="OLD=NEW.")
@click.option("--by", "operator", default=None, help="Login of the person who has it imported.")
@click.option("--site-url", default=None, help="Where readers find the site, for links in texts.")
@click.option(
    "--media",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=None,
    help="Folder: a copy of wp-content/uploads.",
)
@click.option("--download", is_flag=True, help="Fetch files that are not in it from the old site.")
@click.option(
    "--allow-private",
    "networks",
    multiple=True,
    callback=_networks,
    help="Private network that --download may reach, as 10.0.0.0/8. May be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Report everything, change nothing.")
@json_option
def import_wxr(  # noqa: PLR0917 - click gives each option by name
    file: Path,
    tenant_slug: str | None,
    authors: dict[str, str],
    default_author: str | None,
    types: dict[str, str],
    taxonomies: dict[str, str],
    operator: str | None,
    site_url: str | None,
    media: Path | None,
    download: bool,
    networks: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a WordPress export. Run it again after an interruption, or with a newer export: only
    what is missing or has changed is written. Exit code 3 when something has no place here."""
    plan = Plan(authors, default_author, types, taxonomies, dry_run, operator)

    async def bring() -> Report:
        from cms.exchange.importing import Import

        async with opened_host() as host:
            tenant = await chosen_tenant(host, tenant_slug)
            await _refuse_unknown(host, tenant, plan)
            url = site_url or tenant.site.front_end_url or host.settings.url
            with progress_bar("importing", is_shown=not as_json) as progress:
                one = Import(host.shop, tenant, file, plan, url, progress)
                one.request_id = host.new_request_id()
                one.uploads_url = host.settings.media_url
                if media is not None or download:
                    one.files = _files(host, media, download, networks)
                return await one.run()

    report = run(bring)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        _show(report)
    sys.exit(0 if report.is_whole else INCOMPLETE)


@import_group.command("report")
@click.argument("run_id", type=int)
@tenant_option
@json_option
def import_report(run_id: int, tenant_slug: str | None, as_json: bool) -> None:
    """What an import did, thing by thing. With --json one object a line."""
    from cms.exchange import report

    async def tell() -> None:
        async with command_work(tenant_slug) as (_, work):
            await report.run_of(work, run_id)
            after, is_last = 0, False
            while not is_last:
                lines = await report.lines_of(work, run_id, after=after)
                for line in lines:
                    _tell(report.line_body(line), as_json)
                after = lines[-1].position if lines else after
                is_last = len(lines) < 1000

    run(tell)


@import_group.command("list")
@tenant_option
@json_option
def import_list(tenant_slug: str | None, as_json: bool) -> None:
    """The imports so far, the newest first."""
    from cms.exchange.report import runs

    async def listed() -> list[dict[str, Any]]:
        async with command_work(tenant_slug) as (_, work):
            return await runs(work)

    found = run(listed)
    lines = [
        f"{one['id']}  {one['state']:<9} {one['started_at']:%Y-%m-%d %H:%M}  {one['source']}"
        f"{'  (dry run)' if one['is_dry_run'] else ''}"
        for one in found
    ]
    say(found, as_json=as_json, text="\n".join(lines) or "Nothing was imported yet.")


def _files(host: Host, media: Path | None, download: bool, networks: Sequence[str]) -> Any:
    from cms.exchange.files import Files
    from cms.media.preparing import Limits

    settings = host.settings
    limits = Limits(settings.media_max_pixels, settings.media_formats)
    return Files(media, download, networks, limits, settings.media_max_bytes)


async def _refuse_unknown(host: Host, tenant: Tenant, plan: Plan) -> None:
    """Names here that the operator gave and that do not exist, before anything is read."""
    from cms.identity.users import user_by_login

    registry = host.registry
    for kind, wanted, known in (
        ("post type", plan.types.values(), registry.post_types),
        ("taxonomy", plan.taxonomies.values(), registry.taxonomies),
    ):
        missing = [name for name in wanted if name not in known]
        if missing:
            raise SetupError(
                f"there is no {kind} {missing[0]!r} here; there are: {', '.join(sorted(known))}"
            )
    logins = {*plan.authors.values(), plan.default_author, plan.operator} - {None}
    facts = RequestFacts(request_id=host.new_request_id(), channel="cli")
    async with host.shop.work(tenant, SYSTEM, facts) as work:
        for login in sorted(filter(None, logins)):
            await user_by_login(work, login)


def _show(report: Report) -> None:
    console = Console()
    words = "Rehearsed" if report.is_dry_run else "Imported"
    again = ", taken up again" if report.is_resumed else ""
    console.print(f"{words} from {report.source}{again}: run {report.run_id}", highlight=False)
    table = Table("kind", "outcome", "number")
    for kind, outcomes in sorted(report.counts.outcomes.items()):
        for outcome, number in sorted(outcomes.items()):
            table.add_row(kind, outcome, str(number))
    console.print(table)
    for what, number in sorted(report.counts.not_imported.items()):
        click.echo(f"not imported: {what} ({number})")
    if report.counts.removed_characters:
        click.echo(f"left out: {report.counts.removed_characters} characters that XML forbids")
    if report.counts.unreadable_bytes:
        click.echo(f"unreadable: {report.counts.unreadable_bytes} places, now U+FFFD")
    click.echo(f"Each thing: cms import report {report.run_id}")


def _tell(line: Any, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(line).decode())
        return
    new = f" -> {line['id']}" if line["id"] is not None else ""
    click.echo(f"{line['outcome']:<12} {line['kind']} {line['key']}{new}  {line['title']}")
    for note in line["notes"]:
        click.echo(f"             {note}")


@click.group("export")
def export_group() -> None:
    """Take content out."""


@export_group.command("wxr")
@tenant_option
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=None)
@click.option("--type", "types", multiple=True, help="Post type; may be repeated. Default: all.")
@click.option("--status", "statuses", multiple=True, help="May be repeated. Default: all.")
@click.option("--after", type=click.DateTime(["%Y-%m-%d"]), default=None, help="From this day on.")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Until that day.")
@click.option("--site-url", default=None, help="The address of the site in the file.")
@click.option("--dry-run", is_flag=True, help="Count what would be written.")
@json_option
def export_wxr(  # noqa: PLR0917 - click gives each option by name
    tenant_slug: str | None,
    output: Path | None,
    types: tuple[str, ...],
    statuses: tuple[str, ...],
    after: Any,
    before: Any,
    site_url: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write the content as a WordPress export (WXR 1.2), to --output or to standard output."""
    from cms.exchange.writing import Wanted, write

    if output is None and not dry_run and (as_json or sys.stdout.isatty()):
        raise click.UsageError("say where to with --output FILE")
    wanted = Wanted(types, statuses, after, before)

    async def take() -> dict[str, int]:
        async with command_work(tenant_slug) as (host, work):
            wanted.refuse_unknown(host.registry)
            url = (site_url or work.tenant.site.front_end_url or host.settings.url).rstrip("/")
            with _target(output, dry_run) as file:
                return await write(work, file, wanted, url, host.settings.media_url)

    counts = run(take)
    text = ", ".join(f"{number} {what}" for what, number in counts.items())
    if as_json:
        say({"exported": counts, "dry_run": dry_run}, as_json=True, text="")
    else:
        click.echo(f"{'Would export' if dry_run else 'Exported'}: {text}", err=True)


@contextmanager
def _target(output: Path | None, dry_run: bool) -> Iterator[Any]:
    """The file appears under its name only when it is whole."""
    if dry_run:
        with Path("/dev/null").open("wb") as nowhere:
            yield nowhere
    elif output is None:
        yield sys.stdout.buffer
    else:
        part = output.with_name(f".{output.name}.part")
        try:
            with part.open("wb") as file:
                yield file
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
