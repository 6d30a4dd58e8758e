"""The answer as a file: whole, told before it leaves, and harmless to open."""

import csv
import io
import json

import pytest

from cms.errors import InvalidInput
from plugins.audit_trail.officers import exporting
from plugins.audit_trail.officers.filters import Wanted
from plugins.audit_trail.officers.reading import TrailEvent, bounded

EXPORT = "/api/v1/audit/events/export"


async def _sequence(clinic, house_of):
    async with house_of(clinic).sequencer() as sequencer:
        await sequencer.step()


async def test_every_event_of_the_question_once_and_in_order(clinic, house_of, monkeypatch):
    monkeypatch.setattr(exporting, "LARGEST_PAGE", 7)
    ana = await clinic.person("dr.ana")
    vera = await clinic.person("vera", ["compliance_officer"])
    for n in range(10):
        await clinic.draft(ana, title=f"Post {n}")
    await _sequence(clinic, house_of)
    listed = (await vera.get("/api/v1/audit/events", params={"actor_id": ana.id})).json()["events"]
    got = await vera.get(EXPORT, params={"actor_id": ana.id})
    assert got.headers["content-type"].startswith("application/x-ndjson")
    lines = [json.loads(line) for line in got.text.splitlines()]
    assert lines == listed
    assert got.headers["audit-events"] == str(len(listed)) == "20"
    table = await vera.get(EXPORT, params={"actor_id": ana.id, "format": "csv", "order": "desc"})
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["event_id"] for row in rows] == [one["event_id"] for one in listed[::-1]]


async def test_what_was_asked_and_how_many_is_told_before_the_first_byte(clinic, house_of):
    vera = await clinic.person("vera", ["compliance_officer"])
    await _sequence(clinic, house_of)
    async with vera.work() as work:
        download = await exporting.prepare(work, Wanted(outcome="success"), "ndjson")
    told = await vera.get("/api/v1/audit/events", params={"action": "audit:trail:download"})
    (event,) = told.json()["events"]
    assert event["event_data"] == {
        "what": "download", "form": "ndjson", "count": download.count,
        "outcome_sought": "success", "purpose_of_use": "compliance",
    }  # fmt: skip
    # What happens while the receiver takes its time is not in the file.
    await clinic.draft(await clinic.person("dr.ana"))
    await _sequence(clinic, house_of)
    got = b"".join([part async for part in exporting.stream(work, download)])
    assert got.count(b"\n") == download.count > 0


async def test_events_without_a_place_are_neither_counted_nor_sent(clinic, house_of):
    vera = await clinic.person("vera", ["compliance_officer"])
    got = await vera.get(EXPORT)
    assert (got.status_code, got.headers["audit-events"], got.text) == (200, "0", "")


async def test_no_cell_is_a_formula():
    dangerous = ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "|calc", "%x"]
    assert all(exporting._cell(text)[0] == "'" for text in dangerous)
    assert exporting._cell({"a": "=1"}) == '{"a":"=1"}'
    assert exporting._cell("rest") == "rest"
    event = TrailEvent(**dict.fromkeys(TrailEvent.__struct_fields__, "=HYPERLINK()"))
    assert all(cell.startswith("'=") for cell in exporting._cells(event))


async def test_who_may_look_may_not_always_take_it_away(clinic):
    guard = await clinic.person("sara", ["security_officer"])
    assert (await guard.get(EXPORT)).status_code == 403
    vera = await clinic.person("vera", ["compliance_officer"])
    for wrong in ({"format": "xml"}, {"limit": "0"}, {"nonsense": "1"}):
        assert (await vera.get(EXPORT, params=wrong)).status_code == 400


async def test_another_tenants_events_are_in_no_file(clinic, house_of):
    async with clinic.other() as other:
        await other.draft(await other.person("dr.joana"), title="De outra casa")
        await _sequence(clinic, house_of)
        theirs = await other.person("olga", ["compliance_officer"])
        assert "content:post:create" in (await theirs.get(EXPORT)).text
    vera = await clinic.person("vera", ["compliance_officer"])
    assert "content:post:create" not in (await vera.get(EXPORT)).text


async def test_a_question_that_takes_too_long_says_how_to_narrow_it(clinic):
    """The server cuts it; nothing is left hanging and nothing was seen."""
    async with clinic.as_system() as work:
        await work.one("select set_config('statement_timeout', '20ms', true)")
        with pytest.raises(InvalidInput, match="Narrow the period"):
            async with bounded(1):
                await work.one("select pg_sleep(2)")
        await work.session.rollback()
