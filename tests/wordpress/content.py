"""The content of both sites: invented, and made by the requests of an ordinary client."""

from collections.abc import Iterator
from typing import Any

from tests.support.pictures import photo
from tests.wordpress.site import Ask

PEOPLE = ("admin", "editor", "author", "contributor", "subscriber")

_BLOCKS = """<!-- wp:heading --><h2>Sinais de alerta</h2><!-- /wp:heading -->
<!-- wp:paragraph --><p>"Dor" que acorda -- e não passa...</p><!-- /wp:paragraph -->
<!-- wp:list --><ul><li>febre</li><li>rigidez</li></ul><!-- /wp:list -->"""

_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""

POSTS: dict[str, dict[str, Any]] = {
    "posts.classic": {
        "title": 'Sal & pressão: "quanto" é demais?',
        "content": "Primeiro parágrafo.\n\nSegundo com <strong>força</strong>\ne linha."
        "\n\n<!--more-->\n\nO resto.",
        "excerpt": "Um resumo à mão.",
        "status": "publish",
        "date": "2024-03-01T08:00:00",
        "categories": ["{categories.cardio}"],
        "tags": ["{tags.sal}", "{tags.agua}"],
        "featured_media": "{media.photo}",
    },
    "posts.blocks": {
        "title": "Enxaqueca",
        "content": _BLOCKS,
        "status": "publish",
        "date": "2024-03-02T09:30:00",
        "categories": ["{categories.neuro}", "{categories.enxaqueca}"],
        "sticky": True,
    },
    "posts.plain": {
        "title": "Água",
        "content": "<p>Beber água faz bem.</p>",
        "status": "publish",
        "date": "2024-03-03T10:00:00",
        "tags": ["{tags.agua}"],
        "comment_status": "closed",
        "ping_status": "closed",
        "format": "aside",
        "author": "{users.author}",
    },
    "posts.protected": {
        "title": "Só com senha",
        "content": "<p>Segredo.</p>",
        "status": "publish",
        "password": "abracadabra",
        "date": "2024-03-04T10:00:00",
    },
    "posts.private": {
        "title": "Reservado",
        "content": "<p>Da casa.</p>",
        "status": "private",
        "date": "2024-03-05T10:00:00",
    },
    "posts.draft": {"title": "Rascunho", "content": "<p>Ainda não.</p>", "status": "draft"},
    "posts.pending": {
        "title": "À espera",
        "content": "<p>Por rever.</p>",
        "status": "pending",
        "author": "{users.contributor}",
    },
    "posts.future": {
        "title": "Amanhã",
        "content": "<p>Em breve.</p>",
        "status": "future",
        "date": "2031-01-01T10:00:00",
    },
    "posts.trash": {"title": "Lixo", "content": "<p>Fora.</p>", "status": "draft", "slug": "lixo"},
    "posts.authors-draft": {
        "title": "Do autor",
        "content": "<p>Dele.</p>",
        "status": "draft",
        "author": "{users.author}",
    },
    "pages.about": {
        "title": "Sobre",
        "content": "<p>Quem somos.</p>",
        "status": "publish",
        "date": "2024-02-01T10:00:00",
        "menu_order": 2,
    },
    "pages.team": {
        "title": "Equipe",
        "content": "<p>As pessoas.</p>",
        "status": "publish",
        "date": "2024-02-02T10:00:00",
        "parent": "{pages.about}",
        "menu_order": 1,
    },
    "pages.draft": {"title": "Página por fazer", "content": "<p>…</p>", "status": "draft"},
    "blocks.note": {
        "title": "Nota",
        "content": "<!-- wp:paragraph --><p>Procure ajuda.</p><!-- /wp:paragraph -->",
        "status": "publish",
        "date": "2024-02-03T10:00:00",
    },
    "navigation.main": {
        "title": "Navegação",
        "content": '<!-- wp:navigation-link {"label":"Início","url":"/"} /-->',
        "status": "publish",
        "date": "2024-02-03T11:00:00",
    },
}

TERMS: dict[str, dict[str, Any]] = {
    "categories.cardio": {"name": "Coração & vasos", "description": "Do <b>coração</b>."},
    "categories.neuro": {"name": "Neurologia", "slug": "neuro"},
    "categories.enxaqueca": {"name": "Enxaqueca", "parent": "{categories.neuro}"},
    "categories.vazia": {"name": "Vazia"},
    "categories.geral": {"name": "Geral"},
    "tags.sal": {"name": "Sal"},
    "tags.agua": {"name": "Água"},
    "tags.vazia": {"name": "Sem textos"},
}

COMMENTS: dict[str, dict[str, Any]] = {
    "comments.first": {
        "post": "{posts.classic}",
        "content": "Muito bom, <em>obrigada</em>!",
        "author_name": "Lia Leitora",
        "author_email": "lia@leitores.example",
        "author_url": "https://lia.example",
        "date": "2024-03-10T10:00:00",
        "status": "approve",
    },
    "comments.answer": {
        "post": "{posts.classic}",
        "parent": "{comments.first}",
        "content": "Eu é que agradeço.",
        "date": "2024-03-10T11:00:00",
        "status": "approve",
    },
    "comments.held": {
        "post": "{posts.classic}",
        "content": "Por moderar.",
        "author_name": "Rui Reservado",
        "author_email": "rui@leitores.example",
        "date": "2024-03-10T12:00:00",
        "status": "hold",
    },
    "comments.spam": {
        "post": "{posts.blocks}",
        "content": "Compre já.",
        "author_name": "Spam",
        "author_email": "spam@leitores.example",
        "date": "2024-03-10T13:00:00",
        "status": "spam",
    },
}

ITEMS: dict[str, dict[str, Any]] = {
    "menu-items.home": {
        "title": "Início",
        "type": "custom",
        "url": "https://clinica.example/",
        "menus": "{menus.main}",
        "menu_order": 1,
        "status": "publish",
    },
    "menu-items.about": {
        "type": "post_type",
        "object": "page",
        "object_id": "{pages.about}",
        "menus": "{menus.main}",
        "menu_order": 2,
        "status": "publish",
        "title": "",
    },
    "menu-items.cardio": {
        "type": "taxonomy",
        "object": "category",
        "object_id": "{categories.cardio}",
        "menus": "{menus.main}",
        "menu_order": 3,
        "status": "publish",
        "parent": "{menu-items.about}",
        "title": "",
    },
}

SETTINGS = {
    "title": "Clínica Exemplo",
    "email": "admin@clinica.example",
    "description": "Saúde explicada",
    "timezone": "America/Sao_Paulo",
    "date_format": "d/m/Y",
    "time_format": "H:i",
    "start_of_week": 0,
    "use_smilies": False,
    "posts_per_page": 10,
    "default_comment_status": "open",
    "default_ping_status": "open",
    "show_on_front": "posts",
}


def seeding() -> Iterator[Ask]:
    """Everything that both sites are to have, in the order in which it can be made."""
    yield Ask("POST", "/wp/v2/settings", "admin", json=SETTINGS)
    for person in PEOPLE:
        slug = {
            "name": f"Pessoa {person.title()}",
            "slug": f"perfil-{person}",
            "nickname": person,
            "description": f"Sobre {person}.",
            "url": "",
        }
        yield Ask("POST", f"/wp/v2/users/{{users.{person}}}", "admin", json=slug)
    for name, told in TERMS.items():
        yield Ask("POST", _collection(name), "admin", json=told, keep=name)
    yield Ask("POST", "/wp/v2/settings", "admin", json={"default_category": "{categories.geral}"})
    yield from _media()
    for name, told in POSTS.items():
        yield Ask("POST", _collection(name), "admin", json=told, keep=name)
    yield Ask(
        "POST", "/wp/v2/posts/{posts.plain}", "editor", json={"content": "<p>Água faz bem.</p>"}
    )
    yield Ask("DELETE", "/wp/v2/posts/{posts.trash}", "admin")
    for name, told in COMMENTS.items():
        yield Ask("POST", "/wp/v2/comments", "admin", json=told, keep=name)
    menu = {"name": "Principal", "description": "No topo", "locations": ["primary"]}
    yield Ask("POST", "/wp/v2/menus", "admin", json=menu, keep="menus.main")
    for name, told in ITEMS.items():
        yield Ask("POST", "/wp/v2/menu-items", "admin", json=told, keep=name)
    yield Ask("POST", "/wp/v2/widgets", "admin", json={
        "id_base": "text", "sidebar": "sidebar-1",
        "instance": {"raw": {"title": "Aviso", "text": "Ligue 192.",
        "filter": False, "visual": False}},
    })  # fmt: skip


def _media() -> Iterator[Ask]:
    """One by its raw bytes, one as a form of several parts, and a document."""
    where = "/wp/v2/media"
    yield Ask("POST", where, "admin", content=photo(1200, 800, quality=80), headers={
        "Content-Type": "image/jpeg", "Content-Disposition": 'attachment; filename="foto.jpg"',
    }, keep="media.photo")  # fmt: skip
    yield Ask("POST", "/wp/v2/media/{media.photo}", "admin", json={
        "title": "Saleiro", "alt_text": "Um saleiro", "caption": "Sal demais",
        "description": "Foto",
        "date": "2024-01-10T10:00:00",
    })  # fmt: skip
    yield Ask("POST", where, "author", form={"title": "Desenho", "alt_text": "Um desenho"},
        files={"file": ("desenho.png", photo(400, 300, "PNG"), "image/png")},
        keep="media.drawing")  # fmt: skip
    yield Ask("POST", where, "editor", content=_PDF, headers={
        "Content-Type": "application/pdf",
        "Content-Disposition": 'attachment; filename="folheto.pdf"',
    }, keep="media.leaflet")  # fmt: skip


def _collection(name: str) -> str:
    return f"/wp/v2/{name.split('.', maxsplit=1)[0]}"
