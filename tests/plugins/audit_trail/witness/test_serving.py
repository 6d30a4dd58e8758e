"""The witness on a real socket: addresses, limits, time-outs, and what it never says."""

import asyncio
import contextlib
import io
from hashlib import sha256

import httpx
import pytest
import structlog

from plugins.audit_trail.hashing.extension import LARGEST_EXTENSION
from plugins.audit_trail.witness.answering import Witness
from plugins.audit_trail.witness.keeping import Memory
from plugins.audit_trail.witness.serving import LARGEST_HEADERS, Limits, Server
from tests.plugins.audit_trail.witness.trees import FORK, ORIGIN, TREE, TRUSTED, asked
from tests.support.patience import LONG


@contextlib.asynccontextmanager
async def running(folder, **limits):
    memory = Memory(folder / "witness")
    memory.found("witness.example/1")
    memory.trust(ORIGIN, TRUSTED)
    server = Server(Witness(memory, rate=1e9), Limits(**{"rate": 1e9, "seconds": LONG, **limits}))
    listening = await server.listen("127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=LONG) as http:
            yield http, port


async def _raw(port: int, *parts: bytes, wait: float = LONG) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), wait)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def _answers(http: httpx.AsyncClient) -> None:
    """Again and again, until somebody was quick enough, or there was room."""
    for _ in range(200):
        with contextlib.suppress(httpx.TransportError):
            answer = await http.post("/add-checkpoint", content=asked(0, 3))
            # The one before may have been taken, and its answer not heard.
            assert answer.status_code in {200, 409}
            return
        await asyncio.sleep(0.05)
    pytest.fail("it answers nobody any more")


async def test_the_protocol_over_one_connection(tmp_path):
    async with running(tmp_path) as (http, _):
        first = await http.post("/add-checkpoint", content=asked(0, 8))
        assert (first.status_code, first.text.count("— witness.example/1 ")) == (200, 2)
        known = await http.post("/prefix/add-checkpoint", content=asked(0, 12))
        assert (known.status_code, known.text) == (409, "8\n")
        assert known.headers["content-type"] == "text/x.tlog.size"
        assert (await http.post("/add-checkpoint", content=asked(8, 12, FORK))).status_code == 422
        shown = await http.get(f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint")
        assert shown.text.startswith(f"{ORIGIN}\n8\n")
        for method, path, status in (
            ("GET", "/add-checkpoint", 405), ("POST", "/checkpoint", 405), ("GET", "/", 404),
            ("GET", "/checkpoint", 404), ("GET", "/../../name/checkpoint", 404),
        ):  # fmt: skip
            assert (await http.request(method, path)).status_code == status, path


async def test_many_at_once_sign_one_history(tmp_path):
    async with running(tmp_path, seconds=LONG) as (http, _):
        bodies = [asked(0, size, tree) for size in range(7, 27) for tree in (FORK, TREE)]
        answers = await asyncio.gather(*(http.post("/add-checkpoint", content=b) for b in bodies))
        assert sorted(a.status_code for a in answers) == [200] + [409] * (len(bodies) - 1)


async def test_what_is_too_large_or_no_http_is_refused(tmp_path):
    async with running(tmp_path) as (http, port):
        large = await http.post("/add-checkpoint", content=b"x" * (LARGEST_EXTENSION + 1))
        assert large.status_code == 413
        assert b" 400 " in await _raw(port, b"\x16\x03\x01 hello\r\n\r\n")
        endless = b"GET / HTTP/1.1\r\nX: " + b"x" * (LARGEST_HEADERS * 6)
        assert b" 200 " not in await _raw(port, endless)
        assert (await http.post("/add-checkpoint", content=asked(0, 3))).status_code == 200


async def test_who_sends_slowly_or_nothing_is_left(tmp_path):
    async with running(tmp_path, seconds=0.5, idle=0.5) as (http, port):
        head = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nold"
        for parts in ((), (b"GET / HT",), (head,)):
            assert await _raw(port, *parts) == b""
        await _answers(http)


async def test_more_connections_than_it_has_room_for_are_closed(tmp_path):
    async with running(tmp_path, connections=2) as (http, port):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        await asyncio.sleep(0.05)
        assert await _raw(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") == b""
        for _, writer in held:
            writer.close()
        await _answers(http)


async def test_who_asks_too_often_waits(tmp_path):
    async with running(tmp_path, rate=0.001) as (http, _):
        answers = [await http.get("/") for _ in range(3)]
        assert answers[-1].status_code == 429
        assert answers[-1].headers["retry-after"] == "1"


async def test_its_log_names_the_origin_and_nobody(tmp_path):
    said = io.StringIO()
    with structlog.testing.capture_logs() as lines:
        async with running(tmp_path) as (http, _):
            await http.post("/add-checkpoint?who=ana", content=asked(0, 3))
            await http.post("/add-checkpoint", content=asked(3, 4).replace(ORIGIN.encode(), b"ana"))
        said.write(repr(lines))
    assert [line["event"] for line in lines] == ["asked"]
    for secret in ("127.0.0.1", "ana"):
        assert secret not in said.getvalue()


@pytest.mark.parametrize("cut", [10, 60, 200])
async def test_a_connection_that_breaks_in_the_middle_signs_nothing(tmp_path, cut):
    async with running(tmp_path) as (http, port):
        whole = asked(0, 8, FORK)
        start = f"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: {len(whole)}\r\n\r\n"
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(start.encode() + whole[:cut])
        await writer.drain()
        writer.close()
        assert (await http.post("/add-checkpoint", content=asked(0, 8))).status_code == 200
