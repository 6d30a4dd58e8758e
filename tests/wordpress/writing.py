"""Requests that change something: every verb and kind of body, from making to the bin."""

from collections.abc import Iterator

from tests.wordpress.refusing import refused
from tests.wordpress.site import Ask


def life() -> Iterator[Ask]:
    """A post, a page, terms, a comment, a medium and a menu from their making to the bin."""
    one = "/wp/v2/posts/{posts.life}"
    yield Ask(
        "POST",
        "/wp/v2/posts",
        "author",
        form={"title": "Vida", "content": "a\n\nb", "tags": "{tags.sal}"},
        keep="posts.life",
    )
    yield Ask("GET", one + "?context=edit", "author")
    yield Ask("PUT", one, "author", json={"content": "<p>Segundo.</p>"})
    yield Ask("PATCH", one, "author", form={"slug": "vida nova"})
    yield Ask(
        "POST",
        one + "/autosaves",
        "author",
        json={"title": "Vida salva", "content": "<p>Salvo.</p>"},
    )
    yield Ask("GET", one + "/autosaves", "author")
    yield Ask("POST", one, "author", json={"status": "publish", "date": "2024-05-01T10:00:00"})
    yield Ask("POST", one, "author", json={"status": "draft"})
    yield Ask("POST", one, "author", json={"status": "publish", "sticky": True})
    yield Ask("POST", one, "editor", json={"sticky": True})
    yield Ask("POST", one, "editor", json={"password": "a"})
    yield Ask(
        "POST", one, "editor", json={"sticky": False, "password": "x", "categories": [], "tags": []}
    )
    yield Ask("POST", one, "editor", json={"password": "", "featured_media": "{media.drawing}"})
    yield Ask("POST", one, "editor", json={"featured_media": 0, "title": "", "excerpt": ""})
    yield Ask("GET", one + "?_embed")
    yield Ask("GET", one + "/revisions", "editor")
    yield Ask("POST", one, "author", headers={"X-HTTP-Method-Override": "DELETE"})
    yield Ask("GET", one)
    yield Ask("GET", one, "author")
    yield Ask("DELETE", one, "author")
    yield Ask("POST", one, "author", json={"title": "Volta", "status": "draft"})
    yield Ask("POST", one + "?_method=DELETE", "author")
    yield Ask(
        "POST",
        "/wp/v2/pages",
        "editor",
        json={"title": "Filha", "parent": "{pages.team}", "status": "publish"},
        keep="pages.daughter",
    )
    yield Ask("POST", "/wp/v2/pages/{pages.daughter}", "editor", json={"parent": 999999})
    yield Ask(
        "POST",
        "/wp/v2/pages/{pages.daughter}",
        "editor",
        json={"parent": 0, "menu_order": 5, "slug": "outra"},
    )
    yield Ask("DELETE", "/wp/v2/pages/{pages.daughter}", "editor")
    yield from _terms()
    yield from _comments()
    yield from _media()
    yield from _people()
    yield from _menus()
    yield from _batches()


def _terms() -> Iterator[Ask]:
    yield Ask(
        "POST", "/wp/v2/categories", "editor", json={"name": "Provisória"}, keep="categories.life"
    )
    one = "/wp/v2/categories/{categories.life}"
    for body in (
        {"name": "Outra", "slug": "Outra Ção"},
        {"parent": "{categories.neuro}"},
        {"parent": 999999},
        {"description": "<p>Com <script>a</script> b</p>"},
        {"name": ""},
        {"slug": "neuro"},
        {"parent": 0},
        {"meta": {}},
    ):
        yield Ask("POST", one, "editor", json=body)
    for body in (
        {},
        {"name": ""},
        {"name": "Neurologia"},
        {"name": "Filha", "parent": 999999},
        {"name": "x", "slug": "neuro"},
        {"name": ["a"]},
    ):
        yield Ask("POST", "/wp/v2/categories", "editor", json=body)
    yield Ask("POST", "/wp/v2/tags", "editor", json={"name": "Com pai", "parent": "{tags.sal}"})
    yield Ask("DELETE", one, "editor")
    yield Ask("DELETE", one + "?force=false", "editor")
    yield Ask("DELETE", one + "?force=true", "editor")
    yield Ask("DELETE", one + "?force=true", "editor")


def _comments() -> Iterator[Ask]:
    where, one = "/wp/v2/comments", "/wp/v2/comments/{comments.life}"
    yield Ask(
        "POST",
        where,
        "editor",
        json={"post": "{posts.blocks}", "content": "Um comentário."},
        keep="comments.life",
    )
    for body in (
        {"content": "Mudado."},
        {"status": "hold"},
        {"status": "approve"},
        {"status": "spam"},
        {"status": "nada"},
        {"author_name": "Outra"},
        {"content": ""},
        {"parent": 999999},
        {"post": 999999},
        {"date": "2024-06-01T10:00:00"},
        {"type": "x"},
    ):
        yield Ask("POST", one, "editor", json=body)
    for body in (
        {},
        {"content": "x"},
        {"post": 999999, "content": "x"},
        {"post": "{posts.plain}", "content": "fechado"},
        {"post": "{posts.draft}", "content": "rascunho"},
        {"post": "{posts.blocks}", "content": ""},
        {"post": "{posts.blocks}", "content": "a", "author_email": "x"},
        {"post": "{posts.blocks}", "content": "a", "type": "x"},
        {"post": "{posts.trash}", "content": "lixo"},
        {"post": "{posts.blocks}", "content": "x", "author": "{users.admin}"},
        {"post": "{posts.blocks}", "content": "x", "parent": 999999},
        {"post": "{posts.blocks}", "content": "Um comentário."},
    ):
        for by in ("", "author", "editor"):
            yield Ask("POST", where, by, json=body)
    yield Ask("DELETE", one, "editor")
    yield Ask("DELETE", one, "editor")
    yield Ask("POST", one, "editor", json={"status": "approve"})
    yield Ask("DELETE", one + "?force=true", "editor")


def _media() -> Iterator[Ask]:
    where, text = "/wp/v2/media", {"Content-Type": "text/plain"}
    yield Ask("POST", where, "author", content=b"x", headers=text)
    yield Ask(
        "POST", where, "author", content=b"x", headers=text | {"Content-Disposition": "attachment"}
    )
    yield Ask(
        "POST",
        where,
        "author",
        content=b"x",
        headers=text | {"Content-Disposition": 'inline; filename="a.txt"'},
    )
    yield Ask(
        "POST",
        where,
        "author",
        content=b"",
        headers=text | {"Content-Disposition": 'attachment; filename="a.txt"'},
    )
    yield Ask(
        "POST",
        where,
        "author",
        content=b"ola mundo",
        headers=text | {"Content-Disposition": 'attachment; filename="nota.txt"'},
        keep="media.note",
    )
    yield Ask(
        "POST",
        where,
        "author",
        content=b"<?php",
        headers={
            "Content-Type": "text/x-php",
            "Content-Disposition": 'attachment; filename="a.php"',
        },
    )
    yield Ask(
        "POST",
        where,
        "author",
        content=b"no picture",
        headers={
            "Content-Type": "image/jpeg",
            "Content-Disposition": 'attachment; filename="a.jpg"',
        },
    )
    one = "/wp/v2/media/{media.note}"
    for body in (
        {"title": "Nota", "post": "{posts.blocks}"},
        {"alt_text": "x"},
        {"post": 999999},
        {"status": "publish"},
        {"featured_media": 1},
    ):
        yield Ask("POST", one, "author", json=body)
    yield Ask("DELETE", one, "author")
    yield Ask("DELETE", one + "?force=true", "author")
    yield Ask("GET", one, "author")


def _people() -> Iterator[Ask]:
    new = {"username": "nova", "email": "nova@clinica.example", "password": "senha-bem-comprida-1"}
    yield Ask(
        "POST",
        "/wp/v2/users",
        "admin",
        json=new | {"first_name": "Nova", "last_name": "Pessoa", "roles": ["author"]},
        keep="users.life",
    )
    one = "/wp/v2/users/{users.life}"
    for body in (
        {"name": "Outra"},
        {"email": "x"},
        {"email": "admin@clinica.example"},
        {"roles": ["nada"]},
        {"roles": ["editor"]},
        {"username": "z"},
        {"slug": "Nova Pessoa"},
        {"url": "https://nova.example"},
        {"locale": "xx"},
        {"description": "<b>x</b>"},
    ):
        yield Ask("POST", one, "admin", json=body)
    for body in (
        new,
        new | {"username": "outra"},
        {"username": "u v", "email": "uv@clinica.example", "password": "senha-bem-comprida-1"},
        new | {"username": "n3", "email": "n3@clinica.example", "roles": ["nada"]},
        {"email": "n4@clinica.example"},
    ):
        yield Ask("POST", "/wp/v2/users", "admin", json=body)
    passwords = one + "/application-passwords"
    yield Ask("POST", passwords, "admin", json={"name": "Aplicação"})
    yield Ask("POST", passwords, "admin", json={})
    yield Ask("POST", passwords, "admin", json={"name": "  "})
    yield Ask("POST", passwords, "author", json={"name": "x"})
    yield Ask("GET", passwords, "admin")
    yield Ask("GET", passwords + "/nada", "admin")
    yield Ask("DELETE", passwords, "admin")
    yield Ask("GET", passwords, "admin")
    for words in (
        "",
        "?force=true",
        "?force=true&reassign=x",
        "?force=true&reassign={users.life}",
        "?force=true&reassign=999999",
        "?reassign={users.admin}",
        "?force=true&reassign={users.admin}",
        "?force=true&reassign={users.admin}",
    ):
        yield Ask("DELETE", one + words, "admin")
    for body in ({"roles": ["editor"]}, {"email": ""}, {"name": "Aldo Autor"}, {"password": ""}):
        yield Ask("POST", "/wp/v2/users/me", "author", json=body)


def _menus() -> Iterator[Ask]:
    yield Ask("POST", "/wp/v2/menus", "admin", json={"name": "Principal"})
    yield Ask("POST", "/wp/v2/menus", "admin", json={"name": "Rodapé", "locations": ["nada"]})
    yield Ask(
        "POST",
        "/wp/v2/menus",
        "admin",
        json={"name": "Rodapé", "locations": ["footer"], "auto_add": True},
        keep="menus.life",
    )
    for body in (
        {"title": "x"},
        {"title": "x", "type": "custom"},
        {"title": "x", "type": "custom", "url": "javascript:alert(1)", "menus": "{menus.life}"},
        {"type": "post_type", "object": "page", "object_id": 999999, "menus": "{menus.life}"},
        {"title": "x", "url": "/a", "menus": 999999},
        {
            "title": "<b>y</b>",
            "url": "/a",
            "menus": "{menus.life}",
            "target": "_blank",
            "classes": ["um"],
            "xfn": ["me"],
            "attr_title": "dica",
            "status": "publish",
        },
    ):
        yield Ask("POST", "/wp/v2/menu-items", "admin", json=body)
    yield Ask("DELETE", "/wp/v2/menus/{menus.life}", "admin")
    yield Ask("DELETE", "/wp/v2/menus/{menus.life}?force=true", "admin")


def _batches() -> Iterator[Ask]:
    part = {"method": "POST", "path": "/wp/v2/tags", "body": {"name": "Em lote"}}
    wrong = {"method": "POST", "path": "/wp/v2/tags", "body": {}}
    for requests in (
        [part],
        [part, wrong],
        [{"path": "/wp/v2/tags", "body": {"name": "Sem método"}}],
        [{"method": "GET", "path": "/wp/v2/posts"}],
        [{"path": "/wp/v2/posts/999999", "body": {"title": "x"}}],
        [{"path": "/nada"}],
        [],
        [{"path": "http://a.example/x"}],
        [{}],
        [{"path": "/wp/v2/posts", "body": {"title": "Lote"}}],
        [{"path": "/wp/v2/users", "body": {}}],
        [{"path": "/wp/v2/posts?title=Na+pergunta"}],
    ):
        for by in ("editor", ""):
            yield Ask("POST", "/batch/v1", by, json={"requests": requests})
    yield Ask(
        "POST",
        "/batch/v1",
        "editor",
        json={
            "requests": [{"path": "/wp/v2/tags", "body": {"name": "Inteiro"}}, wrong],
            "validation": "require-all-validate",
        },
    )
    yield Ask("POST", "/batch/v1", "editor", json={"requests": [part] * 26})
    yield Ask("POST", "/batch/v1", "editor", json={})
    yield Ask("POST", "/batch/v1", "editor", json={"requests": [part], "validation": "nada"})


def writing() -> Iterator[Ask]:
    yield from refused()
    yield from life()
