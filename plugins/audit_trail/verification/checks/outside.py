"""What others said of the heads: every cosignature and every token is verified once more.

Neither is taken from the word of the database: lines by the keys of cms.toml, tokens by the
certificates there, and both over the heads whose roots the stored entries must give.
"""

from datetime import UTC, datetime
from typing import Any

from plugins.audit_trail.hashing.notes import Checkpoint, Note, NoteRefused
from plugins.audit_trail.outside.tokens import TokenRefused
from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.report import Report, Stamped, Vouched
from plugins.audit_trail.verification.snapshot import Snapshot

_LINES = """
select k.size, k.witness, k.line, k.witnessed_at, c.note
from audit.cosignatures k
left join audit.checkpoints c on c.epoch = k.epoch and c.size = k.size
where k.epoch = %s order by k.size, k.witness, k.key_id
"""
_TOKENS = """
select t.size, t.authority, t.token, t.stamped_at, c.note
from audit.timestamps t
left join audit.checkpoints c on c.epoch = t.epoch and c.size = t.size
where t.epoch = %s order by t.size, t.authority
"""
_CONTRADICTIONS = """
select witness_size, message from audit.contradictions
where epoch = %s and cleared_at is null order by id
"""


def _verify_lines(snapshot: Snapshot, report: Report) -> None:
    keys = snapshot.trust.keys()
    vouched: dict[str, Vouched] = {}
    for size, witness, line, at, note in snapshot.stream(_LINES, snapshot.epoch.number):
        try:
            text = Checkpoint.parse((note or "").encode()).text
            (signature,) = Note.parse(f"{text}\n{line}".encode()).signatures
            known = keys.get((signature.name, signature.key_id))
            if known is None:
                report.unchecked += 1
                continue
            key, configured = known
            moment = _moment(key.verify(text, signature) or 0)
            if moment != at:
                raise NoteRefused(f"the database says it is of {at}, and it is of {moment}")
        except (NoteRefused, ValueError) as fault:
            message = f"the line of {witness} under the head of {size} entries is unsound: {fault}"
            report.note("cosignature-unsound", message)
            continue
        so_far = vouched.setdefault(
            configured.name,
            Vouched(
                configured.name,
                configured.organisation,
                size,
                _said(moment),
                _said(moment),
                epoch=snapshot.epoch.number,
            ),
        )
        so_far.lines += 1
        so_far.size, so_far.last = max(size, so_far.size), max(_said(moment), so_far.last)
        so_far.since = min(_said(moment), so_far.since)
    report.vouched += sorted(vouched.values(), key=lambda one: -one.size)
    for theirs, message in snapshot.ask(_CONTRADICTIONS, snapshot.epoch.number):
        report.note("witness-contradicts", message, seq=None, until=theirs - 1)


def _verify_tokens(snapshot: Snapshot, report: Report) -> None:
    authority = snapshot.trust.authority
    for size, name, token, at, note in snapshot.stream(_TOKENS, snapshot.epoch.number):
        if authority is None:
            report.unchecked += 1
            continue
        try:
            moment = authority.verify(bytes(token), (note or "").encode())
            if moment != at:
                raise TokenRefused("moved", f"the database says it is of {at}")
        except TokenRefused as fault:
            message = f"the token of {name} over the head of {size} entries: {fault.message}"
            report.note("timestamp-unsound", message)
        else:
            report.stamped = Stamped(name, size, _said(moment))
    if authority is None:
        return
    for path in sorted((snapshot.kept.folder.path / "heads").glob("[0-9]*.tsr")):
        try:
            authority.verify(path.read_bytes(), path.with_suffix(".note").read_bytes())
        except (TokenRefused, OSError) as fault:
            report.note("timestamp-unsound", f"{path.name} in the folder: {fault}")


def _moment(seconds: int) -> Any:
    return datetime.fromtimestamp(seconds, UTC)


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"


CHECKS = (
    Check("witnesses", _verify_lines, order=80),
    Check("timestamps", _verify_tokens, order=81),
)
