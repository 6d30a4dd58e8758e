"""`cms audit verify --offline EXPORT`, which needs neither a database nor an installation."""

import sys
from pathlib import Path
from typing import NoReturn

from cms.cli_support import load_settings, say
from cms.errors import SetupError
from plugins.audit_trail.exit_codes import CANNOT
from plugins.audit_trail.hashing.notes import KeyRefused, VerifierKey
from plugins.audit_trail.heads.evidence import Evidence, EvidenceMissing
from plugins.audit_trail.settings import audit_folder
from plugins.audit_trail.verification.offline.twice import TwoReports, verify_twice
from plugins.audit_trail.verification.report import CannotVerify


def verify_offline(place: Path, keys_file: Path | None, *, as_json: bool) -> NoReturn:
    """Say what holds, and end with the exit code."""
    try:
        keys = _keys(keys_file)
        report = verify_twice(place, keys_file, keys)
    except (CannotVerify, KeyRefused, OSError) as fault:
        say({"verdict": "unknown", "reason": str(fault)}, as_json=as_json, text=f"UNKNOWN  {fault}")
        sys.exit(CANNOT)
    say(report, as_json=as_json, text=_told(report))
    sys.exit(report.code)


def _keys(file: Path | None) -> list[VerifierKey]:
    """Those of the file. Without one, the export's own: they are compared with this
    installation's log afterwards, if there is one."""
    if file is None:
        return []
    lines = [line.strip() for line in file.read_text().splitlines()]
    return [VerifierKey.parse(line) for line in lines if line and not line.startswith("#")]


def _told(report: TwoReports) -> str:
    product = report.product
    lines = ["GREEN" if report.verdict == "green" else "RED"]
    if product.fault is not None:
        lines.append(f"  {product.fault}")
    lines += [
        f"  {epoch['origin']}: {epoch['entries']} entries below the head of {epoch['size']}"
        for epoch in product.epochs
    ]
    lines += [f"  signed by {name}" for name in product.signers]
    if product.receipt is not None:
        lines.append(f"  entry {product.receipt} of the log tells of this export")
    if product.has_own_keys and product.epochs:
        lines.append(f"  keys: {_whose(product.epochs[-1]['origin'])}")
    if not report.agree:
        lines.append("  THE TWO VERIFICATIONS DISAGREE: keep this export and tell the maker")
    lines.append("the one-file verifier says:")
    return "\n".join([*lines, *(f"  - {sentence}" for sentence in report.outsider)])


def _whose(origin: str) -> str:
    try:
        epoch = Evidence(audit_folder(load_settings())).epoch()
    except (SetupError, EvidenceMissing, OSError):
        epoch = None
    if epoch is not None and epoch.origin == origin:
        return "the log is the one of this installation"
    return "those of the export itself; compare them, or give yours by --keys"
