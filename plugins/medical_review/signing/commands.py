"""`cms review verify` and `cms review rotate-key`."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from cms.cli_support import command_work, json_option, run, say, tenant_option
from plugins.medical_review.signing.checking import SIGNATURE, Keys, keys_of, signature_faults

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
    trusted = _trusted(keys_file)
    try:
        document = msgspec.json.decode(file.read_bytes())
        faults, told = _checked(document, trusted)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        faults, told = [f"it is no document of this kind: {error}"], {}
    verdict = "red" if faults else "green"
    text = "\n".join(f"RED    {fault}" for fault in faults) or f"GREEN  {told['said']}"
    say({"verdict": verdict, "faults": faults, **told}, as_json=as_json, text=text)
    if faults:
        sys.exit(RED)


def _checked(document: dict[str, Any], trusted: Keys) -> tuple[list[str], dict[str, Any]]:
    kind = document.get("type")
    if kind != SIGNATURE:
        raise ValueError(f"its type is {kind!r:.60}")
    return list(signature_faults(document, trusted)), {"said": _signature_said(document["record"])}


def _signature_said(record: dict[str, Any]) -> str:
    about, signer = record["about"], record["signer"]
    registration = (signer["registration"] or {}).get("registration")
    who = f"{signer['name']} ({registration})" if registration else signer["name"]
    return (
        f"{record['meaning']} by {who} at {record['signed_at']}, level {record['level']}, "
        f"{about['kind']} {about['id']} on the text {record['content_hash']}"
    )


def _trusted(file: Path) -> Keys:
    try:
        return keys_of(msgspec.json.decode(file.read_bytes()))
    except (KeyError, TypeError, ValueError) as error:
        click.echo(f"UNKNOWN  {file} is no set of Ed25519 keys: {error}", err=True)
        sys.exit(CANNOT)


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
