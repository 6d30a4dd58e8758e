"""`cms review verify` and `cms review rotate-key`."""

import sys
from pathlib import Path

import click

from cms.cli_support import command_work, json_option, run, say, tenant_option

GREEN, RED, CANNOT = 0, 1, 2
"""Exit codes: it holds, it does not, it cannot be told."""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The public keys that you trust: a JWK set, as the site shows it at /api/v1/reviews/keys.",
)
@json_option
def verify(file: Path, keys_file: Path, *, as_json: bool) -> None:
    """Check a signature without any database. Exit code 0: it holds, 1: it does not, 2: it cannot
    be told."""
    from plugins.medical_review.signing import offline

    try:
        keys = offline.trusted(keys_file)
    except offline.NoDocument as fault:
        click.echo(f"UNKNOWN  {fault}", err=True)
        sys.exit(CANNOT)
    faults, told = offline.checked(file.read_bytes(), keys)
    text = "\n".join(f"RED    {fault}" for fault in faults) or f"GREEN  {told['said']}"
    verdict = "red" if faults else "green"
    say({"verdict": verdict, "faults": faults, **told}, as_json=as_json, text=text)
    sys.exit(RED if faults else GREEN)


@click.command("rotate-key")
@tenant_option
@json_option
def rotate_key(tenant_slug: str | None, *, as_json: bool) -> None:
    """Seal with a new key from now on. What the old one sealed stays as good as it was."""
    from plugins.medical_review.signing import keys

    async def rotated() -> str:
        async with command_work(tenant_slug) as (_, work):
            return (await keys.rotate(work)).kid

    kid = run(rotated)
    say({"kid": kid}, as_json=as_json, text=f"{kid} seals from now on.")
