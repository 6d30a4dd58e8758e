"""A report as a person reads it: which entries, since when, and what is still proven."""

from collections.abc import Iterator

from plugins.audit_trail.verification.report import Finding, Report


def told(report: Report) -> str:
    """The verdict, each finding with its place and time, what is proven, what was not read."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    verdict = f"{report.verdict.upper():<6}"
    yield (
        f"{verdict} {report.origin}: {report.entries} entries, {report.batches} batches, "
        f"{report.heads} signed heads up to {report.signed}, {report.waiting} waiting; "
        f"{report.seconds:.1f} s"
    )
    if report.unproven:
        yield (
            f"       {report.unproven} unproven: writers ended in the middle of a transaction "
            "(cms audit gaps)"
        )
    if report.interrupted:
        yield f"  interrupted: {_covered(report)}; what comes after was not looked at"
    for finding in report.findings:
        yield from _finding(finding)
    for warning in report.warnings:
        yield f"  warning, {warning.kind} x{warning.count}: {warning.message}"
    if report.suspicion:
        yield f"  suspected at once: {report.suspicion}"
    if not report.is_green or report.covered.left_out:
        yield f"  {proven(report)}"
    yield from (f"  not covered: {one}" for one in report.covered.left_out)
    yield from (f"  note: {remark}" for remark in report.remarks)
    yield from _outside(report)
    yield from _erasures(report)


def _outside(report: Report) -> Iterator[str]:
    """Who else vouches, the widest first; of a log that is red, for its heads only."""
    what = "everything up to entry" if report.is_green else "signed heads up to entry"
    for place in sorted({(one.epoch, one.size) for one in report.vouched if one.size})[::-1]:
        names = " and ".join(
            f"{one.organisation} ({one.witness}, since {one.since})"
            for one in report.vouched
            if (one.epoch, one.size) == place
        )
        epoch = f" of epoch {place[0]}" if place[0] else ""
        yield f"  {what} {place[1] - 1}{epoch} is vouched for by {names}"
    if report.stamped is not None:
        stamped = report.stamped
        yield (
            f"  entry {stamped.size - 1} and all before it were there at {stamped.at}, "
            f"says {stamped.authority}"
        )
    if report.unchecked:
        yield f"  {report.unchecked} lines or tokens are of nobody whom cms.toml names"


def _erasures(report: Report) -> Iterator[str]:
    for one in report.personal.erasures if report.personal else ():
        yield (
            f"  content of {one.events} events erased on {one.erased_on:%Y-%m-%d} "
            f"by {one.order} (event {one.event_id}); their entries are proven as before"
        )


def _covered(report: Report) -> str:
    covered = report.covered
    if covered.rebuilt > covered.first:
        return f"entries {covered.first} to {covered.rebuilt - 1} were rebuilt from their columns"
    if covered.placed > covered.first:
        placed = f"entries {covered.first} to {covered.placed - 1} have their places in the tree"
        return f"{placed}, their columns were not rebuilt yet"
    return "no entry was verified yet"


def _finding(finding: Finding) -> Iterator[str]:
    event = f" (event {finding.event_id})" if finding.event_id else ""
    yield f"  {finding.kind} x{finding.count}, {_place(finding)}: {finding.message}{event}"
    if finding.seq is None:
        return
    if finding.bad is None:
        after = f" {finding.good}" if finding.good else " nothing"
        yield f"    since when: no head holds it; the last before it is{after}"
    else:
        before = f", and is not in {finding.good}" if finding.good else ""
        yield f"    since when: changed after it was signed in {finding.bad}{before}"


def _place(finding: Finding) -> str:
    if finding.seq is None:
        return "outside of the entries"
    if finding.until is not None and finding.until > finding.seq:
        return f"first bad entry between {finding.seq} and {finding.until}"
    return f"first bad entry {finding.seq}"


def proven(report: Report) -> str:
    """What nobody can have changed, whatever was found."""
    if report.proven is None or not report.proven.size:
        return "still proven: nothing; no head with entries fits what is stored"
    first, last = report.covered.first, min(report.proven.size, report.covered.placed) - 1
    read = report.covered.rebuilt
    limits = []
    if report.but:
        limits.append(f"but for {report.but} of them, named above")
    if read <= last:
        limits.append(f"their columns up to {read - 1}" if read > first else "not their columns")
    but = f" ({'; '.join(limits)})" if limits else ""
    return f"still proven: entries {first} to {last} under {report.proven}{but}"
