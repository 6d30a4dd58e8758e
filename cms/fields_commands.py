"""`cms fields`: field groups from Advanced Custom Fields and back to it."""

import sys
from pathlib import Path

import click
import msgspec

from cms.cli_support import command_work, json_option, run, say, tenant_option
from cms.exchange_commands import INCOMPLETE


@click.group("fields")
def fields_group() -> None:
    """Custom field groups."""


class _Undone(Exception):
    """Rolls a dry run back."""


@fields_group.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@tenant_option
@click.option("--dry-run", is_flag=True, help="Report everything, change nothing.")
@json_option
def import_fields(
    paths: tuple[Path, ...], tenant_slug: str | None, dry_run: bool, as_json: bool
) -> None:
    """Bring groups in from acf-json folders, export files or files of one group; types and
    taxonomies in them become the site's own. Exit code 3 when something was refused or left out."""
    from cms.fields import exchanging

    found = exchanging.read_files(paths)
    lines: list[exchanging.Line] = []

    async def bring() -> None:
        try:
            async with command_work(tenant_slug) as (host, work):
                lines.extend(await exchanging.bring(work, found))
                if dry_run:
                    raise _Undone
                work.afterwards(host.tenants.forget)
        except _Undone:
            return

    run(bring)
    told = [f"{one.outcome:<9} {one.kind} {one.key}  {one.title}" + _notes(one.notes)
            for one in lines]  # fmt: skip
    if dry_run:
        told.append("Nothing was changed: this was a dry run.")
    body = {"dry_run": dry_run, "lines": [msgspec.to_builtins(one) for one in lines]}
    say(body, as_json=as_json, text="\n".join(told))
    sys.exit(0 if all(one.is_whole for one in lines) else INCOMPLETE)


def _notes(notes: tuple[str, ...]) -> str:
    return "".join(f"\n          {note}" for note in notes)


@fields_group.command("export")
@click.argument("keys", nargs=-1)
@tenant_option
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="One file for each group, as acf-json.",
)
@click.option(
    "--file",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="One file with a list of all.",
)
@click.option("--dry-run", is_flag=True, help="Say which files would be written.")
@json_option
def export_fields(  # noqa: PLR0917 - click gives each option by name
    keys: tuple[str, ...],
    tenant_slug: str | None,
    folder: Path | None,
    target: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write the groups of the site, or those of KEYS, to --folder, to --file or to standard output,
    just as they came in."""
    from cms.fields import exchanging
    from cms.fields.groups import Kept

    if folder is not None and target is not None:
        raise click.UsageError("say either --folder or --file")

    async def read() -> list[Kept]:
        async with command_work(tenant_slug) as (_, work):
            return await exchanging.kept_of_site(work, keys)

    kept = run(read)
    files: dict[Path, str] = {}
    if folder is not None:
        files = {folder / f"{one.key}.json": exchanging.written(one.definition) for one in kept}
    elif target is not None:
        files = {target: exchanging.as_file(kept)}
    elif not dry_run:
        click.echo(exchanging.as_file(kept), nl=False)
        return
    if not dry_run:
        for path, text in files.items():
            _write(path, text)
    told = [f"{one.key}  {one.title}" for one in kept]
    body = {
        "dry_run": dry_run,
        "field_groups": [one.key for one in kept],
        "files": [str(path) for path in files],
    }
    say(body, as_json=as_json, text="\n".join([*told, f"{len(kept)} field groups"]))


def _write(path: Path, text: str) -> None:
    """A file appears under its name only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, "utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
