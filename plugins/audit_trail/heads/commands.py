"""`cms audit head`, `cms audit signer`."""

import os
import sys
from pathlib import Path

import click

from cms.cli_support import load_settings
from plugins.audit_trail.exit_codes import CANNOT
from plugins.audit_trail.hashing.notes import Checkpoint
from plugins.audit_trail.heads.evidence import Evidence, trusted_keys
from plugins.audit_trail.remembering.kept import KeptHead
from plugins.audit_trail.settings import audit_folder, settings_of


@click.command()
@click.option("--remember", type=click.Path(dir_okay=False, path_type=Path),
              help="Keep it in this file, with the log's keys (cms audit check-head).")  # fmt: skip
def head(remember: Path | None) -> None:
    """The newest signed head, to be kept where no administrator of this machine can reach it."""
    evidence = Evidence(audit_folder(load_settings()))
    latest, epoch = evidence.folder / "latest", evidence.epoch()
    if epoch is None or not latest.exists():
        click.echo("Nothing is signed yet: start a worker (cms worker).", err=True)
        sys.exit(CANNOT)
    if remember is None:
        click.echo(latest.read_text(), nl=False)
        return
    if remember.exists():
        # What is remembered is only ever replaced by what continues it.
        click.echo(f"{remember} is there already: cms audit check-head {remember}", err=True)
        sys.exit(CANNOT)
    kept = KeptHead.first(Checkpoint.parse(latest.read_bytes()), trusted_keys(epoch))
    kept.save(remember)
    click.echo(f"{remember}: {kept.head.size} entries of {kept.head.origin}")


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keys and heads; that of the data directory if left out.",
)
@click.option(
    "--socket",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to listen; the setting `signer_socket` if left out.",
)
@click.option("--allow", multiple=True, help="A user who may ask, beside the signer's own.")
@click.option(
    "--shared", is_flag=True, help="Let the socket's group open it (mode 0660, not 0600)."
)
def signer(folder: Path | None, path: Path | None, allow: tuple[str, ...], shared: bool) -> None:
    """Sign heads in a process of its own, best as a user of its own, until it is told to end.

    It becomes a process that has neither the database nor the web in it.
    """
    settings = load_settings()
    path = path or Path(settings_of(settings).signer_socket)
    if not path.name:
        click.echo("Say where to listen: --socket, or the setting signer_socket.", err=True)
        sys.exit(CANNOT)
    asked = ["--folder", str(folder or audit_folder(settings)), "--socket", str(path)]
    asked += [word for user in allow for word in ("--allow", user)] + ["--shared"] * shared
    # What a signer does not know, nobody can take from it.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CMS_")}
    module = "plugins.audit_trail.heads.process"
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, "-m", module, *asked], kept)  # noqa: S606
