"""A real authority (`openssl ts`) fixes the time of heads; each way that it can fail has a name."""

import base64
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import AsyncConnection

from cms.errors import SetupError
from plugins.audit_trail.outside.stamping import Stamper
from plugins.audit_trail.outside.tokens import Authority, Question, TokenRefused
from plugins.audit_trail.settings import Timestamps
from tests.plugins.audit_trail.conftest import House
from tests.plugins.audit_trail.outside.authority import answering, found_authority
from tests.plugins.audit_trail.outside.strangers import stranger

NOTE = b"clinica.example/audit/1\n5\nAAAA\n\n"


@asynccontextmanager
async def stamping(house: House, url: str, root: str, **options):
    clock = options.pop("clock", time.time)
    settings = Timestamps(url=url, certificates=(root,), **options)
    async with await AsyncConnection.connect(house.host.worker_url, autocommit=True) as connection:
        authority = Authority.load(settings.certificates)
        yield Stamper(connection, settings, authority, house.folder / "heads", clock)


def _tokens(house: House) -> list[tuple[int, bytes]]:
    return house.ask("select size, token from audit.timestamps order by size")


async def test_heads_are_stamped_and_openssl_alone_believes_it(house: House, tmp_path: Path):
    tsa = found_authority(tmp_path / "tsa")
    async with (
        stranger(answering(tsa.reply)) as url,
        stamping(house, url, tsa.root, interval=0) as stamper,
    ):
        assert await stamper.step() == "good"
        assert _tokens(house) == [], "nothing is signed yet"
        for size in (3, 5):
            await house.sequence(size - len(_tokens(house)) * 3)
            assert [await stamper.step() for _ in range(2)] == ["good", "good"]
    ((first, token), (second, _)) = _tokens(house)
    assert (first, second) == (3, 5)
    heads = house.folder / "heads"
    assert (heads / f"{3:020d}.tsr").read_bytes() == token
    assert tsa.verifies(heads / f"{3:020d}.note", heads / f"{3:020d}.tsr")
    assert not tsa.verifies(heads / f"{5:020d}.note", heads / f"{3:020d}.tsr")
    assert house.ask("select kind, state, size from audit.outside") == [("timestamp", "good", 5)]
    assert [path.suffix for path in sorted(heads.iterdir())] == [".note", ".note", ".tsr", ".note",
                                                                  ".tsr"]  # fmt: skip


async def test_one_token_in_an_hour_is_enough(house: House, tmp_path: Path):
    tsa = found_authority(tmp_path / "tsa")
    async with stranger(answering(tsa.reply)) as url, stamping(house, url, tsa.root) as stamper:
        await house.sequence(1)
        await stamper.step()
        await house.sequence(1)
        await stamper.step()
        assert [size for size, _ in _tokens(house)] == [1]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((500, "text/plain", b"oops"), "http-status"),
        ((401, "text/html", b"who are you"), "http-status"),
        ((302, "text/html", b""), "http-status"),
        ((200, "text/html", b"<html>welcome</html>"), "no-token"),
        ((200, "application/timestamp-reply", b"<html>"), "no-token"),
        ((200, "application/timestamp-reply", b""), "no-token"),
        ((200, "application/timestamp-reply", b"0" * (1 << 19)), "too-large"),
        (None, "time-out"),
    ],
)
async def test_whatever_comes_instead_has_a_name_and_stops_nobody(house, tmp_path, answer, state):
    tsa = found_authority(tmp_path / "tsa")
    await house.sequence(1)
    async with stranger(answer) as url, stamping(house, url, tsa.root, seconds=0.5) as stamper:
        assert await stamper.step() == state
    await house.sequence(1)
    assert house.ask("select state from audit.outside") == [(state,)]
    assert _tokens(house) == []
    async with stranger(answering(tsa.reply)) as url, stamping(house, url, tsa.root) as stamper:
        assert await stamper.step() == "good", "asked again, all is well"


async def test_a_token_of_the_wrong_kind_is_not_kept(house: House, tmp_path: Path):
    tsa = found_authority(tmp_path / "tsa")
    other = found_authority(tmp_path / "other", "Somebody else")
    ended = found_authority(tmp_path / "ended", ended=True)
    picky = found_authority(tmp_path / "picky", digests="sha512")
    await house.sequence(1)
    note = (house.folder / "heads" / f"{1:020d}.note").read_bytes()
    elsewhere, again = Question.about(b"x"), Question.about(note)
    for reply, root, state in (
        (other.reply, tsa.root, "untrusted"),
        (picky.reply, picky.root, "rejected"),
        (ended.reply, ended.root, "expired"),
        (lambda _: tsa.reply(elsewhere.body), tsa.root, "wrong-imprint"),
        (lambda _: tsa.reply(again.body), tsa.root, "wrong-nonce"),
        (lambda asked: _broken(tsa.reply(asked)), tsa.root, "untrusted"),
    ):
        async with stranger(answering(reply)) as url, stamping(house, url, root) as stamper:
            assert await stamper.step() == state
    async with (
        stranger(answering(tsa.reply)) as url,
        stamping(house, url, tsa.root, clock=lambda: time.time() - 4000) as stamper,
    ):
        assert await stamper.step() == "clock"
    assert _tokens(house) == []
    assert list((house.folder / "heads").glob("*.tsr")) == []


def _broken(token: bytes) -> bytes:
    """Its signature stands at the end."""
    return token[:-20] + bytes(20)


async def test_the_password_stands_in_a_file_and_nowhere_else(house: House, tmp_path: Path):
    tsa = found_authority(tmp_path / "tsa")
    (tmp_path / "password").write_text("senha longa\n")
    heard: list[bytes] = []
    await house.sequence(1)
    async with (
        stranger(answering(tsa.reply), heard) as url,
        stamping(house, url, tsa.root, user="clinica",
                 password_file=str(tmp_path / "password")) as stamper,
    ):  # fmt: skip
        assert await stamper.step() == "good"
    assert base64.b64encode(b"clinica:senha longa") in heard[0]
    assert b"application/timestamp-query" in heard[0]
    async with (
        stranger(answering(tsa.reply)) as url,
        stamping(
            house, url, tsa.root, user="clinica", password_file="/nowhere", interval=0
        ) as lost,
    ):
        await house.sequence(1)
        assert await lost.step() == "folder"


def test_roots_are_named_in_files_that_hold_certificates(tmp_path):
    (tmp_path / "x").write_text("nothing")
    for file in ("x", "y"):
        with pytest.raises(SetupError, match="certificates"):
            Authority.load((str(tmp_path / file),))
    tsa = found_authority(tmp_path / "tsa")
    with pytest.raises(SetupError, match="root"):
        Authority.load((str(tsa.folder / "tsa.pem"),))
    with pytest.raises(ValueError, match="certificates"):
        Timestamps(url="https://tsa.example")


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    tsa = found_authority(tmp_path_factory.mktemp("tsa") / "tsa")
    question = Question.about(NOTE)
    return Authority.load((tsa.root,)), question, tsa.reply(question.body)


@given(st.data())
def test_no_changed_byte_of_a_token_is_believed(signed, data):
    authority, question, token = signed
    assert authority.verify(token, NOTE, question.nonce).tzinfo is not None
    at = data.draw(st.integers(0, len(token) - 1))
    changed = bytearray(token)
    changed[at] ^= data.draw(st.integers(1, 255))
    # What is not signed (a status text, a copy of a root) changes nothing that is said.
    with suppress(TokenRefused):
        moment = authority.verify(bytes(changed), NOTE, question.nonce)
        assert moment == authority.verify(token, NOTE, question.nonce)
