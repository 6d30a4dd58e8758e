"""A page with the editor on loopback, under the strict policy that the application has."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from cms.admin.editor_words import editor_words

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'"

_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364"
    "f80f00010501012718e3660000000049454e44ae426082"
)

_PAGE = """<!doctype html>
<html lang="pt-BR"{theme}><head><meta charset="utf-8"><title>Editar</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/app.css">
<script type="application/json" id="editor-words">{words}</script>
<script type="module" src="/editor.js"></script></head>
<body><main><h1>Editar</h1>
<form method="post" action="/save"><button type="submit" id="before">Salvar</button>
<cms-editor name="content" commentable lang="pt-BR" label="Texto do artigo" data-post="17"
 data-base="{base}" data-draft-key="{key}"><script type="application/json">{source}</script>
<textarea name="content" aria-label="Texto do artigo">{escaped}</textarea></cms-editor>
<button type="submit" id="after">Salvar</button></form></main></body></html>"""


class Site:
    """What the page shows and what it sent: `saved` holds the posted values in order, `complaints`
    what the browser said that it should not."""

    def __init__(self, assets: Path) -> None:
        self.assets = assets
        self.complaints: list[str] = []
        self.source = ""
        self.base = "a1"
        self.theme = ""
        self.key = "1/2/17/pt"
        self.saved: list[str] = []
        self.url = ""

    def page(self) -> str:
        escaped = self.source.replace("&", "&amp;").replace("<", "&lt;")
        return _PAGE.format(
            words=_in_script(editor_words("pt")), source=_in_script(self.source),
            base=self.base, escaped=escaped, key=self.key,
            theme=f' data-theme="{self.theme}"' if self.theme else "",
        )  # fmt: skip

    def answer(self, path: str) -> tuple[str, bytes]:
        if path in {"/editor.js", "/app.css"}:
            kind = "text/css" if path.endswith("css") else "text/javascript"
            return kind, (self.assets / path[1:]).read_bytes()
        if path.endswith(".png"):
            return "image/png", _PIXEL
        return "text/html; charset=utf-8", self.page().encode()


def _in_script(value: object) -> str:
    return json.dumps(value).replace("<", "\\u003c")


@contextmanager
def serving(assets: Path) -> Iterator[Site]:
    """The site while it answers."""
    site = Site(assets)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(*site.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            site.saved.append(parse_qs(body, keep_blank_values=True)["content"][0])
            self._send("text/html", b"<!doctype html><title>Salvo</title>")

        def _send(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY + "; img-src 'self' data:")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}"
    yield site
    server.shutdown()
    server.server_close()
    thread.join()
