"""The one who walks through a journey: an installation, a client, and what the steps remember."""

import re
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg

from tests.support.installation import Installation

ARTICLES = "/wp-json/wp/v2/medical-articles"


@dataclass
class Story:
    """What the steps hand to each other."""

    made: Installation
    http: httpx.Client
    tokens: dict[str, str] = field(default_factory=dict)
    request_ids: list[str] = field(default_factory=list)
    post_id: int = 0
    approved_hash: str = ""
    live_content: str = ""

    def basic(self, who: str) -> httpx.BasicAuth:
        person = self.made.credentials[who]
        return httpx.BasicAuth(person["login"], person["application_password"])

    def bearer(self, who: str) -> dict[str, str]:
        if who not in self.tokens:
            person = self.made.credentials[who]
            body = {"login": person["login"], "password": person["password"]}
            answer = self.http.post("/api/v1/auth/token", json=body)
            assert answer.status_code == 200, answer.text
            self.tokens[who] = answer.json()["access_token"]
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def ask(self, method: str, path: str, who: str | None = None, **options: Any) -> httpx.Response:
        """A request, signed in unless `auth` says otherwise; its id is remembered."""
        if who is not None and "auth" not in options:
            options["headers"] = self.bearer(who)
        answer = self.http.request(method, path, **options)
        self.request_ids.append(answer.headers["x-request-id"])
        return answer

    def update(self, who: str, **options: Any) -> httpx.Response:
        return self.ask("POST", f"{ARTICLES}/{self.post_id}", who, **options)

    def open_review(self) -> dict[str, Any]:
        queue = self.ask("GET", "/api/v1/reviews", "reviewer").json()["reviews"]
        (found,) = [one["review"] for one in queue if one["review"]["post_id"] == self.post_id]
        answer = self.ask("GET", f"/api/v1/reviews/{found['id']}", "reviewer")
        assert answer.status_code == 200, answer.text
        text: dict[str, Any] = answer.json()
        return text

    def decide(self, verdict: str, comment: str = "", **options: Any) -> httpx.Response:
        review = self.open_review()["review"]
        body = {"verdict": verdict, "comment": comment, "content_hash": review["content_hash"]}
        path = f"/api/v1/reviews/{review['id']}/decision"
        return self.ask("POST", path, "reviewer", json=body, **options)

    def owner(self) -> psycopg.Connection[tuple[Any, ...]]:
        connection = psycopg.connect(self.made.addresses().owner, autocommit=True)
        connection.execute("set app.tenant_id = '1'")
        return connection

    def import_roster_with_status(self, letter: str) -> None:
        """Change the author's line on the roster and import it, as an administrator does."""
        file = self.made.data / "demo-roster" / "SP.txt"
        line = re.compile(r"^(9900101!SP![^!]*!P!)\w", re.M)
        text, changed = line.subn(rf"\g<1>{letter}", file.read_text())
        assert changed == 1
        file.write_text(text)
        self.made.done(
            "registry", "import", str(self.made.data / "demo-roster"), "--tenant", "clinica"
        )
