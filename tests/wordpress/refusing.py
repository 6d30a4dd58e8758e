"""Requests that change something, asked wrongly or by those who may not."""

from collections.abc import Iterator

from tests.wordpress.reading import EVERYBODY
from tests.wordpress.site import Ask

_WRONG = (
    {}, {"title": ""}, {"status": "nada"}, {"date": "ontem"}, {"author": 999999}, {"author": "x"},
    {"featured_media": "x"}, {"title": ["a"]}, {"title": {"raw": "Objeto"}, "status": "draft"},
    {"categories": "x"},
    {"format": "nada"}, {"comment_status": "talvez"}, {"sticky": "talvez"}, {"meta": {"nada": 1},
    "title": "Meta"},
    {"title": "Com senha e fixo", "password": "a", "sticky": True}, {"template": "nada.php",
    "title": "T"},
    {"content": {"raw": "<p>x</p>"}}, {"excerpt": "só"}, {"slug": "Título Çom Acento",
    "title": "x", "status": "publish"},
    {"date_gmt": "2024-04-01T12:00:00", "title": "gmt", "status": "publish"},
    {"date": "2024-04-01T12:00:00-05:00", "title": "zona", "status": "publish"},
    {"date": "2030-04-01T12:00:00", "title": "futuro publicado", "status": "publish"},
    {"date": None, "title": "sem data"}, {"id": 5, "title": "x"}, {"title": "a", "tags": [999999]},
    {"title": 5}, {"title": None, "content": "só texto"}, {"title": "b", "status": "trash"},
    {"title": "c", "status": "private"},
    {"title": "d", "ping_status": "closed", "comment_status": "closed", "format": "quote"},
    {"title": "Igual", "status": "publish"}, {"title": "Igual", "status": "publish"},
    {"title": "<b>Negrito</b> & \"aspas\""},
    {"title": "e", "date": ""}, {"title": "f", "status": ""}, {"title": "g", "slug": ""},
    {"title": "h", "nada": 1},
)  # fmt: skip


def refused() -> Iterator[Ask]:
    """What is asked wrongly, and who may not."""
    for number, body in enumerate(_WRONG):
        # No two of one second: neither side says how it orders those.
        dated = {"date": f"2024-06-{number % 28 + 1:02}T{number:02}:00:00"} | body
        is_listed = body.get("status") == "publish" and "date_gmt" not in body
        yield Ask("POST", "/wp/v2/posts", "editor", json=dated if is_listed else body)
    for day, by in enumerate(EVERYBODY, 1):
        for status in ("draft", "pending", "publish", "private", "future"):
            body = {"title": f"{by} {status}", "content": "<p>x</p>", "status": status}
            if status in ("publish", "private", "future"):
                year = 2031 if status == "future" else 2024
                body["date"] = f"{year}-08-{day:02}T05:05:{len(status):02}"
            yield Ask("POST", "/wp/v2/posts", by, json=body)
            yield Ask("POST", "/wp/v2/pages", by, json=body | {"title": f"Página de {by} {status}"})
        for path in (
            "posts/{posts.classic}",
            "posts/{posts.draft}",
            "posts/{posts.pending}",
            "posts/999999",
            "pages/{pages.about}",
        ):
            yield Ask("POST", f"/wp/v2/{path}", by, json={"excerpt": f"por {by}"})
        for path in ("categories", "tags"):
            yield Ask("POST", f"/wp/v2/{path}", by, json={"name": f"De {by or 'ninguém'}"})
        yield Ask("POST", "/wp/v2/categories/{categories.vazia}", by, json={"description": by})
        yield Ask(
            "POST",
            "/wp/v2/comments",
            by,
            json={"post": "{posts.blocks}", "content": f"Olá de {by}."},
        )
        yield Ask("POST", "/wp/v2/comments/{comments.held}", by, json={"status": "hold"})
        yield Ask("POST", "/wp/v2/users", by, json={"username": "x"})
        yield Ask("POST", "/wp/v2/settings", by, json={"start_of_week": 0})
        yield Ask("POST", "/wp/v2/media", by)
        yield Ask("POST", "/wp/v2/media/{media.leaflet}", by, json={"caption": "x"})
        yield Ask("POST", "/wp/v2/menus", by, json={})
        yield Ask(
            "POST",
            "/wp/v2/blocks",
            by,
            json={"title": f"De {by}", "content": "", "status": "draft"},
        )
        yield Ask("POST", "/wp/v2/users/me", by, json={"description": "Eu."})
        yield Ask("DELETE", "/wp/v2/posts/999999", by)
        yield Ask(
            "DELETE",
            "/wp/v2/posts/{posts.classic}",
            by if by in ("", "subscriber", "contributor", "author") else "subscriber",
        )
        yield Ask("DELETE", "/wp/v2/categories/{categories.vazia}", by)
        yield Ask("DELETE", "/wp/v2/users/{users.subscriber}", by)
    yield Ask(
        "POST",
        "/wp/v2/posts",
        "editor",
        content=b"{nada",
        headers={"Content-Type": "application/json"},
    )
    yield Ask(
        "POST",
        "/wp/v2/posts",
        "editor",
        content=b"[1]",
        headers={"Content-Type": "application/json"},
    )
    yield Ask(
        "POST", "/wp/v2/posts", "editor", content=b"<a/>", headers={"Content-Type": "text/xml"}
    )
