"""Whatever happens on the way, the answer is a named state, and nobody may sign on it."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from plugins.professional_registry.identity import RegistrationId, parse
from plugins.professional_registry.providers.ans_rpps import AnsRpps
from plugins.professional_registry.providers.cfm_soap import CfmSoap
from plugins.professional_registry.providers.nppes import Nppes
from plugins.professional_registry.resilience import Line, Patience
from plugins.professional_registry.statuses import Status
from plugins.professional_registry.wire import LARGEST, HttpsWire, Question, SourceFault
from tests.plugins.professional_registry.wire import server
from tests.plugins.professional_registry.wire.certificates import DAY, Authority
from tests.plugins.professional_registry.wire.forms import (
    FHIR,
    JSON,
    bundle,
    enumerated,
    error,
    physician,
    practitioner,
    role,
    soap,
)
from tests.plugins.professional_registry.wire.server import reply

ANA, NAME = parse("CRM-SP 9900101"), "Ana Maria Inventada"
NPI = RegistrationId("NPI", "", "1234567893", country="US")
RPPS = RegistrationId("RPPS", "", "10001234567", country="FR")
GOOD = soap(physician())
CAPTCHA = "<!DOCTYPE html><html><body>Prove que você não é um robô</body></html>".encode()

BOMB = b"""<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "A"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>&d;</S:Body></S:Envelope>"""
# The same in an encoding in which no byte search finds the word.
HIDDEN_BOMB = BOMB.decode().replace('"1.0"', '"1.0" encoding="UTF-16"', 1).encode("utf-16")
TOMORROW_WEEK = f"{datetime.now(UTC) + timedelta(days=7):%d/%m/%Y}"


class Now:
    """All that an online source needs of a unit of work."""

    now = datetime.now(UTC)


def line(attempts: int = 1) -> Line:
    return Line(1000, Patience(attempts=attempts, deadline=120, first_pause=0.001))


def cfm(
    url: str, key_file: str, *, ca_file: str = "", attempts: int = 1, time_out: float = 60
) -> CfmSoap:
    return CfmSoap(HttpsWire(time_out, ca_file), line(attempts), url=url, key_file=key_file)


async def ask(council, key_file, **how):
    return await cfm(council.url, key_file, **how).lookup(Now(), ANA, NAME)


FAULTS = {
    "time-out": (server.silence, "time-out"),
    "slow drip": (server.dripping, "time-out"),
    "reset in mid-body": (server.reset, "connection-lost"),
    "truncated with a length": (server.truncated(GOOD), "connection-lost"),
    "truncated without a length": (server.cut(GOOD), "malformed"),
    "no XML at all": (reply(b"{}"), "malformed"),
    "empty": (reply(b""), "malformed"),
    "XML of something else": (reply(b"<html/>"), "malformed"),
    "SOAP without an answer": (reply(soap("", "Outra")), "malformed"),
    "an answer without a physician": (reply(soap("<dadosMedico/>")), "malformed"),
    "two statuses": (reply(soap(physician("C</situacao><situacao>A")
        .replace("&lt;", "<").replace("&gt;", ">"))), "malformed"),
    "entity bomb": (reply(BOMB), "document-type"),
    "entity bomb in UTF-16": (reply(HIDDEN_BOMB), "document-type"),
    "captcha page": (reply(CAPTCHA, "text/html; charset=utf-8"), "wrong-content-type"),
    "captcha page that says it is XML": (reply(CAPTCHA), "document-type"),
    "compressed unasked": (
        reply(gzip.compress(GOOD), Content_Encoding="gzip"),
        "wrong-content-type",
    ),
    "HTTP 500": (reply(b"oops", "text/html", "500 Internal Server Error"), "http-status"),
    "HTTP 500 with a SOAP fault": (reply(soap("x", "F"), status="500 Error"), "http-status"),
    "HTTP 503": (reply(b"", status="503 Service Unavailable"), "http-status"),
    "HTTP 404": (reply(b"", status="404 Not Found"), "http-status"),
    "HTTP 429": (reply(b"", status="429 Too Many", Retry_After="99"), "too-many-questions"),
    "HTTP 403": (reply(b"", status="403 Forbidden"), "key-refused"),
    "redirect": (reply(b"", status="302 Found", Location="https://other.invalid/"), "redirect"),
    "oversize": (reply(b" " * (LARGEST + 1)), "too-large"),
    "endless": (server.endless(), "too-large"),
    "bad key": (reply(soap(error("3010"))), "key-refused"),
    "no key": (reply(soap(error("4020"))), "key-missing"),
    "transient 2010": (reply(soap(error("2010"))), "transient"),
    "transient 2030": (reply(soap(error("2030")), status="500 Error"), "transient"),
    "transient 2040": (reply(soap(error("2040"))), "transient"),
    "unknown code": (reply(soap(error("9999"))), "question-refused"),
    "a code that is no code": (reply(soap(error("KEY-OF-THE-CUSTOMER"))), "question-refused"),
    "clock skew": (reply(soap(physician(changed=TOMORROW_WEEK))), "clock"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_ends_in_a_named_state(fault, key_file):
    script, name = FAULTS[fault]
    async with server.opened() as council:
        council.will(script)
        answer = await ask(council, key_file, time_out=0.3 if name == "time-out" else 60)
    assert (answer.status, answer.fault) == (Status.SOURCE_UNAVAILABLE, name)
    assert answer.note.startswith(name)
    assert answer.as_of is None
    assert "KEY-OF-THE-CUSTOMER" not in repr(answer)


async def test_the_same_server_answers_when_it_is_well(key_file):
    async with server.opened() as council:
        council.will(reply(GOOD))
        answer = await ask(council, key_file)
    assert (answer.status, answer.fault, answer.name) == (Status.ACTIVE, "", NAME.upper())


async def test_nobody_listens(key_file):
    async with server.opened() as council:
        gone = council.url
    answer = await cfm(gone, key_file).lookup(Now(), ANA, NAME)
    assert (answer.status, answer.fault) == (Status.SOURCE_UNAVAILABLE, "unreachable")


@pytest.mark.parametrize(
    ("ends_in", "name", "fault"),
    [(DAY, "localhost", ""), (-DAY, "localhost", "certificate"), (DAY, "other", "certificate")],
)
async def test_a_certificate_is_looked_at(tmp_path, key_file, ends_in, name, fault):
    authority = Authority.founded(tmp_path)
    async with server.opened(authority.server(ends_in=ends_in, name=name)) as council:
        council.will(reply(GOOD))
        answer = await ask(council, key_file, ca_file=str(authority.ca_file))
    assert answer.fault == fault
    assert len(council.asked) == (0 if fault else 1)


async def test_an_authority_that_nobody_knows_is_refused(tmp_path, key_file):
    async with server.opened(Authority.founded(tmp_path).server()) as council:
        council.will(reply(GOOD))
        assert (await ask(council, key_file)).fault == "certificate"
        missing = str(tmp_path / "missing.pem")
        assert (await ask(council, key_file, ca_file=missing)).fault == "certificate"
    assert council.asked == []


@pytest.mark.parametrize("url", ["http://ws.cfm.org.br/", "ftp://example.invalid", "https://["])
async def test_a_key_never_travels_in_the_open(url, key_file):
    answer = await cfm(url, key_file).lookup(Now(), ANA, NAME)
    assert answer.fault in {"insecure-address", "malformed"}


@pytest.mark.parametrize("content", [None, b"", b" \n", b"two\nlines", "chave-é".encode()])
async def test_without_a_key_nothing_is_asked(tmp_path, content):
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    async with server.opened() as council:
        council.will(reply(GOOD))
        answer = await ask(council, str(file))
        health = await cfm(council.url, str(file)).health(Now())
    assert answer.fault == "key-missing"
    assert council.asked == []
    assert not health.is_well
    assert health.remedy


async def test_what_may_pass_is_asked_again(key_file):
    unwell = [reply(b"", status="503 Busy"), server.reset, reply(soap(error("2010")))]
    async with server.opened() as council:
        council.will(*unwell, reply(GOOD))
        answer = await ask(council, key_file, attempts=4)
    assert (answer.status, len(council.asked)) == (Status.ACTIVE, 4)


async def test_what_does_not_pass_is_asked_once(key_file):
    async with server.opened() as council:
        council.will(reply(soap(error("3010"))), reply(GOOD))
        assert (await ask(council, key_file, attempts=4)).fault == "key-refused"
    assert len(council.asked) == 1


async def test_a_pause_that_the_source_asks_for_and_we_cannot_wait_ends_the_lookup(key_file):
    later = {"Retry_After": "Fri, 31 Dec 2100 23:59:59 GMT"}
    async with server.opened() as council:
        council.will(reply(b"", status="429 Slow", **later), reply(GOOD))
        assert (await ask(council, key_file, attempts=4)).fault == "too-many-questions"
    assert len(council.asked) == 1


async def test_a_source_that_is_down_is_left_alone(key_file):
    async with server.opened() as council:
        council.will(reply(b"", status="503 Busy"))
        source = cfm(council.url, key_file)
        faults = [(await source.lookup(Now(), ANA, NAME)).fault for _ in range(7)]
        health = await source.health(Now())
    assert faults == ["http-status"] * 5 + ["circuit-open"] * 2
    assert len(council.asked) == 5
    assert (health.is_well, health.message) == (False, "the circuit is open")


OTHERS = {
    "NPPES, an error": (NPI, reply(b'{"Errors":[{"number":"06"}]}', JSON), "malformed"),
    "NPPES, HTML": (NPI, reply(CAPTCHA, "text/html"), "wrong-content-type"),
    "NPPES, HTML that says it is JSON": (NPI, reply(CAPTCHA, JSON), "malformed"),
    "NPPES, truncated": (NPI, server.cut(enumerated(), JSON), "malformed"),
    "NPPES, a bomb of brackets": (NPI, reply(b'{"a":' + b"[" * 200_000, JSON), "malformed"),
    "RPPS, an outcome": (
        RPPS,
        reply(b'{"resourceType":"OperationOutcome"}', FHIR),
        "question-refused",
    ),
    "RPPS, a word for a truth": (
        RPPS,
        reply(bundle(practitioner(active="true")), FHIR),
        "malformed",
    ),
    "RPPS, bad key": (RPPS, reply(b"", FHIR, "401 Unauthorized"), "key-refused"),
    "RPPS, not UTF-8": (RPPS, reply(b'{"resourceType":"\xff"}', FHIR), "malformed"),
    "RPPS, from the future": (
        RPPS,
        reply(bundle(practitioner(meta={"lastUpdated": "2990-01-01T00:00:00Z"}), role()), FHIR),
        "clock",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERS)
async def test_other_services_fail_in_named_ways_too(case, key_file):
    identity, script, fault = OTHERS[case]
    async with server.opened() as council:
        council.will(script)
        wire = HttpsWire(5)
        nppes = Nppes(wire, line(), url=council.url)
        ans = AnsRpps(wire, line(), url=council.url, key_file=key_file)
        source = nppes if identity is NPI else ans
        answer = await source.lookup(Now(), identity, NAME)
    assert (answer.status, answer.fault) == (Status.SOURCE_UNAVAILABLE, fault)


async def test_bad_news_from_a_wrong_clock_stops_her_all_the_same(key_file):
    async with server.opened() as council:
        council.will(reply(soap(physician("C", changed=TOMORROW_WEEK))))
        assert (await ask(council, key_file)).status is Status.REVOKED


async def test_a_fault_and_a_question_show_nothing_that_they_carry():
    question = Question(
        "POST", "https://x.invalid", (), {"a": "SECRET"}, {"k": "SECRET"}, b"SECRET"
    )
    assert "SECRET" not in repr(question)
    with pytest.raises(SourceFault) as caught:
        await HttpsWire(0.2).send(question, 0.2)
    assert caught.value.__cause__ is None
    assert "SECRET" not in str(caught.value)
