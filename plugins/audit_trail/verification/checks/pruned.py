"""What went is what the log tells of: no entry more, and the report names who told."""

from plugins.audit_trail.verification.checks import Check
from plugins.audit_trail.verification.pruned import Place, Told
from plugins.audit_trail.verification.report import Report
from plugins.audit_trail.verification.snapshot import Snapshot


def _verify(snapshot: Snapshot, report: Report) -> None:
    pruned = snapshot.pruned
    if not pruned.told:
        return
    said = sum(one.all_events for one in pruned.told)
    gone = pruned.gone(snapshot.connection)
    if gone != said:
        beyond = (
            f"{gone - said} are gone beyond what was told"
            if gone > said
            else f"of the other {said - gone} nobody knows where they stood"
        )
        message = (
            f"prunings of {said} events are told of, and those of {gone} entries are gone: {beyond}"
        )
        first = min(place.first_seq for one in pruned.told for place in one.places)
        last = max(place.last_seq for one in pruned.told for place in one.places)
        report.note("pruned-beyond", message, count=abs(gone - said), seq=first, until=last)
    is_proven = report.is_green and snapshot.wanted.is_whole
    for one in pruned.told:
        report.remarks.append(_remark(one, is_proven=is_proven))


def _remark(told: Told, *, is_proven: bool) -> str:
    hashes = "their hashes are proven" if is_proven else "their hashes were not proven by this run"
    where = " and ".join(map(_entries, told.places)) or "no entries"
    return (
        f"{where} were pruned: {told.all_events} events of {told.since:%Y-%m-%d} to "
        f"{told.until:%Y-%m-%d}, told by entry {told.seq} (event {told.event_id}); {hashes}, "
        f"their content is in the archive {told.archive}"
    )


def _entries(place: Place) -> str:
    width = place.last_seq - place.first_seq + 1
    among = "" if width == place.events else f"{place.events} of the "
    epoch = f" of epoch {place.epoch}" if place.epoch else ""
    return f"{among}entries {place.first_seq} to {place.last_seq}{epoch}"


CHECKS = (Check("pruned", _verify, order=35, of_epochs=False),)
