"""A WordPress site moves in by the command line, is read over HTTP, leaves, and moves in again.

The steps share one installation and build on each other; so they are one test.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.exchange.files import SITE, author, category, export, item, menu_line, term
from tests.support.installation import Installation, installation
from tests.support.pictures import OWNER, telling_photo

WP = "/wp-json/wp/v2"
FIRST, SECOND = "nova", "segunda"
UPLOADS = f"{SITE}/wp-content/uploads/2019/03"

RAW = export(
    author("ana", 7, name="Ana Inventada"),
    category("dor", "Dor", 11),
    category("crise", "Crise", 12, parent="dor"),
    term("nav_menu", "principal", "Principal", 13),
    item(
        20,
        title="Dor de cabeça",
        slug="dor-de-cabeca",
        content=f'<p>Veja <a href="{SITE}/sobre/">quem somos</a>.</p>'
        f'<figure><img src="{UPLOADS}/raio-x-300x200.jpg" alt="Raio X"></figure>',
        terms=[("category", "crise", "Crise")],
        comment_status="open",
        comments=[
            {"id": 71, "content": "Obrigada!", "parent": 70, "user_id": 7, "author": "Ana"},
            {"id": 70, "content": "Ajudou muito."},
            {"id": 72, "content": "Compre já", "approved": "spam"},
        ],
        meta={
            "_thumbnail_id": "21",
            "_wp_old_slug": "cefaleia",
            "_yoast_wpseo_title": "Tudo sobre a dor",
            "_yoast_wpseo_metadesc": "Descrição para buscadores",
        },
    ),
    item(
        21,
        type="attachment",
        title="Raio X",
        slug="raio-x",
        status="inherit",
        url=f"{UPLOADS}/raio-x.jpg",
        parent=20,
        excerpt="Legenda",
        content="",
        meta={"_wp_attached_file": "2019/03/raio-x.jpg", "_wp_attachment_image_alt": "Pulmão"},
    ),
    item(22, type="attachment", title="Sumiu", status="inherit", url=f"{UPLOADS}/sumiu.jpg"),
    item(30, type="page", title="Sobre", slug="sobre", menu_order=2),
    item(31, type="page", title="Equipe", slug="equipe", parent=30),
    item(
        40,
        type="artigo",
        title="Enxaqueca",
        slug="enxaqueca",
        comment_status="open",
        meta={"_cms_medical_evidence_level": '"II"', "_cms_medical_target_audience": '"patients"'},
    ),
    item(41, title="Rascunho", status="draft"),
    menu_line(
        50, "principal", title="", kind="post_type", object="page", object_id=30, menu_order=1
    ),
    menu_line(51, "principal", title="Ligue", url=f"{SITE}/ligue/", above=50, menu_order=2),
)


@dataclass
class Move:
    """What the steps hand to each other."""

    made: Installation
    http: httpx.Client
    passwords: dict[str, str] = field(default_factory=dict)

    def ask(self, tenant: str, path: str, *, signed_in: bool = False) -> httpx.Response:
        auth = httpx.BasicAuth("chefe", self.passwords[tenant]) if signed_in else None
        return self.http.get(path, headers={"Host": f"{tenant}.example"}, auth=auth or None)

    def read(self, tenant: str, path: str, *, signed_in: bool = False) -> Any:
        answer = self.ask(tenant, path, signed_in=signed_in)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def move() -> Iterator[Move]:
    with installation() as made:
        made.start()
        (made.data / "site.xml").write_bytes(RAW)
        folder = made.data / "uploads/2019/03"
        folder.mkdir(parents=True)
        (folder / "raio-x.jpg").write_bytes(telling_photo())
        with httpx.Client(base_url=made.url, timeout=120) as http:
            found = Move(made, http)
            for tenant in (FIRST, SECOND):
                settle(found, tenant)
            yield found


def settle(move: Move, tenant: str) -> None:
    """A tenant with somebody who may see everything."""
    done = move.made.done
    done("tenant", "add", tenant, "--name", "Nova Clínica", "--host", f"{tenant}.example")
    done(
        "user", "add", "chefe", "--email", "chefe@nova.example", "--name", "Chefe",
        "--role", "administrator", "--tenant", tenant, given="long enough a password\n",
    )  # fmt: skip
    said = done("user", "application-password", "chefe", "--tenant", tenant)
    move.passwords[tenant] = said.strip().splitlines()[-1].strip()


def bring(move: Move, tenant: str, file: str, media: str, *more: str) -> dict[str, Any]:
    ran = move.made.cli(
        "import", "wxr", file, "--tenant", tenant, "--media", media, "--json",
        "--site-url", f"http://{tenant}.example", *more,
    )  # fmt: skip
    assert ran.returncode in {0, 3}, ran.stderr + ran.stdout
    return {"code": ran.returncode, **json.loads(ran.stdout)}


def step_1_it_moves_in_and_the_report_names_what_is_missing(move):
    said = bring(move, FIRST, "site.xml", "uploads", "--map-type", "artigo=medical_article")
    assert said["code"] == 3
    assert said["counts"]["not_imported"] == {"attachments without their file": 1}
    outcomes = said["counts"]["outcomes"]
    assert (outcomes["comment"], outcomes["menu_item"]) == ({"created": 3}, {"created": 2})
    report = move.made.done("import", "report", str(said["run_id"]), "--tenant", FIRST)
    assert "sumiu.jpg" in report


def step_2_a_post_is_read_with_all_that_belongs_to_it(move):
    (post,) = move.read(FIRST, f"{WP}/posts?_embed=1&slug=dor-de-cabeca")
    assert (post["id"], post["date"], post["categories"]) == (20, "2019-03-04T09:30:00", [12])
    assert "raio-x-300x200.jpg" in post["content"]["rendered"]
    assert SITE not in post["content"]["rendered"]
    assert post["yoast_head_json"]["title"] == "Tudo sobre a dor"
    embedded = post["_embedded"]
    assert embedded["author"][0]["name"] == "Ana Inventada"
    assert embedded["wp:featuredmedia"][0]["alt_text"] == "Pulmão"
    assert embedded["wp:term"][0][0]["slug"] == "crise"
    assert [one["id"] for one in embedded["replies"][0]] == [70] or embedded["replies"]


def step_3_pages_files_and_comments_are_read(move):
    page = move.read(FIRST, f"{WP}/pages/31")
    assert (page["parent"], page["link"].endswith("/sobre/equipe/")) == (30, True)
    media = move.read(FIRST, f"{WP}/media/21")
    assert (media["post"], media["media_type"]) == (20, "image")
    path = "/wp-content/uploads/" + media["media_details"]["file"]
    file = move.ask(FIRST, path)
    assert (file.status_code, file.headers["content-type"]) == (200, "image/jpeg")
    assert OWNER.encode() not in file.content
    thread = move.read(FIRST, f"{WP}/comments?post=20&orderby=id&order=asc")
    assert [(one["id"], one["parent"]) for one in thread] == [(70, 0), (71, 70)]
    assert len(move.read(FIRST, f"{WP}/posts")) == 1


def step_4_menus_and_old_addresses_lead_where_they_led(move):
    lines = move.read(FIRST, f"{WP}/menu-items?menus=13&orderby=menu_order", signed_in=True)
    assert {one["id"]: one["parent"] for one in lines} == {50: 0, 51: 50}
    assert move.read(FIRST, "/api/v1/resolve?path=/sobre/equipe/")["id"] == 31
    old = move.read(FIRST, "/api/v1/resolve?path=/cefaleia/")
    assert old["kind"] == "redirect", old


def step_5_a_medical_text_that_was_public_says_that_nobody_reviewed_it(move):
    article = move.read(FIRST, f"{WP}/medical-articles/40")
    assert (article["status"], article["evidence_level"]) == ("publish", "II")
    assert article["inherited"]["reviewed"] is False
    assert article["comment_status"] == "closed"


def step_6_it_leaves_and_moves_in_elsewhere_as_it_was(move):
    move.made.done(
        "export", "wxr", "--tenant", FIRST, "--output", "out.xml",
        "--site-url", f"http://{FIRST}.example",
    )  # fmt: skip
    (picture,) = move.made.data.glob("media/*/uploads/2019/03/raio-x.jpg")
    uploads = str(picture.parents[2])
    said = bring(move, SECOND, "out.xml", uploads)
    assert said["code"] == 0, said
    for base in (
        "posts", "pages", "media", "comments", "categories", "menus", "menu-items",
        "medical-articles",
    ):  # fmt: skip
        first, second = (bodies(move, tenant, base) for tenant in (FIRST, SECOND))
        assert second == first, base
        assert first, base


def bodies(move: Move, tenant: str, base: str) -> list[dict[str, Any]]:
    """Everything of the kind, without what names the host or a revision."""
    path = f"{WP}/{base}?context=edit&per_page=100&orderby=id"
    path += "&status=any" if base in {"posts", "pages", "medical-articles"} else ""
    answer = move.ask(tenant, path, signed_in=True)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = json.loads(answer.text.replace(f"{tenant}.example", "HOST"))
    for one in found:
        for name in ("_links", "cms_revision"):
            one.pop(name, None)
    return found


STEPS = (
    step_1_it_moves_in_and_the_report_names_what_is_missing,
    step_2_a_post_is_read_with_all_that_belongs_to_it,
    step_3_pages_files_and_comments_are_read,
    step_4_menus_and_old_addresses_lead_where_they_led,
    step_5_a_medical_text_that_was_public_says_that_nobody_reviewed_it,
    step_6_it_leaves_and_moves_in_elsewhere_as_it_was,
)


def test_a_wordpress_site_moves_in_and_out(move):
    for step in STEPS:
        step(move)
