"""Files from the old site: in limits, and never out of a private network by accident."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cms.exchange.errors import NoFile
from cms.exchange.fetching import fetch

LOOPBACK = ("127.0.0.0/8",)


class _OldSite(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved.jpg":
            self.send_response(301)
            self.send_header("Location", "/file.jpg")
        elif self.path == "/inward.jpg":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/")
        elif self.path == "/file.jpg":
            self.send_response(200)
        else:
            self.send_response(404)
        self.end_headers()
        if self.path == "/file.jpg":
            self.wfile.write(b"x" * 5000)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def old_site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _OldSite)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def get(url: str, into: Path, networks=LOOPBACK, most: int = 10_000) -> None:
    await fetch(url, into, most_bytes=most, seconds=5, networks=networks)


@pytest.mark.parametrize("path", ["/file.jpg", "/moved.jpg"])
async def test_a_file_is_fetched(old_site, tmp_path, path):
    await get(old_site + path, tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == b"x" * 5000


async def test_a_private_address_is_refused_unless_it_is_named(old_site, tmp_path):
    with pytest.raises(NoFile, match="private-address"):
        await get(f"{old_site}/file.jpg", tmp_path / "got", networks=())


async def test_a_redirect_is_looked_at_like_the_first_address(old_site, tmp_path):
    with pytest.raises(NoFile, match="private-address"):
        await get(f"{old_site}/inward.jpg", tmp_path / "got")


async def test_limits_and_answers_are_told(old_site, tmp_path):
    with pytest.raises(NoFile, match="larger than 100"):
        await get(f"{old_site}/file.jpg", tmp_path / "got", most=100)
    with pytest.raises(NoFile, match="404"):
        await get(f"{old_site}/none.jpg", tmp_path / "got")
    with pytest.raises(NoFile, match="not an http"):
        await get("file:///etc/passwd", tmp_path / "got")
