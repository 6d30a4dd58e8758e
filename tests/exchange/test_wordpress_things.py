"""Pages, comments, old addresses, menus and files of a WordPress site, as clients read them."""

from pathlib import Path

import msgspec
import pytest

from cms.exchange.files import Files
from cms.media.preparing import Limits
from tests.exchange.conftest import notes, read, told
from tests.exchange.files import SITE, author, category, export, item, menu_line, term
from tests.exchange.test_custom_fields import metas
from tests.exchange.test_export import taken
from tests.fields.building import field, group
from tests.fields.test_posts_with_fields import keep
from tests.support.pictures import OWNER, telling_photo

WP = "/wp-json/wp/v2"


async def admin(cms):
    return await cms.person("edu", ["administrator"])


# -- pages


async def test_pages_come_with_parent_order_and_template(cms, bring):
    report = await bring(
        export(
            item(3, type="page", title="Parte 2", slug="parte-2", parent=9, menu_order=4),
            item(
                9,
                type="page",
                title="Sobre",
                slug="sobre",
                meta={"_wp_page_template": "largo.php"},
                menu_order=2,
            ),
            item(12, type="page", title="Equipe", slug="equipe", parent=3),
        )
    )
    assert report.is_whole
    parent, child = await read(cms, "pages", 9), await read(cms, "pages", 3)
    assert (parent["menu_order"], parent["template"], parent["parent"]) == (2, "largo.php", 0)
    assert (child["menu_order"], child["slug"], child["parent"]) == (4, "parte-2", 9)
    deepest = await read(cms, "pages", 12)
    assert deepest["link"].endswith("/sobre/parte-2/equipe/")


async def test_a_page_whose_name_was_taken_at_the_top_gets_it_below_its_parent(cms, bring):
    await bring(
        export(
            item(1, type="page", title="Equipe", slug="equipe"),
            item(2, type="page", title="Equipe da casa", slug="equipe", parent=5),
            item(5, type="page", title="Casa", slug="casa"),
        )
    )
    assert (await read(cms, "pages", 2))["link"].endswith("/casa/equipe/")


# -- comments


async def test_comments_keep_thread_status_date_and_author(cms, bring):
    said = [
        {"id": 71, "content": "Resposta", "parent": 70, "user_id": 7, "author": "Ana"},
        {"id": 70, "content": "Pergunta", "author_email": "V@exemplo.example"},
        {"id": 72, "content": "Espera", "approved": "0"},
        {"id": 73, "content": "Compre", "approved": "spam"},
    ]
    raw = export(author("ana", 7), item(5, comments=said, comment_status="open"))
    report = await bring(raw)
    assert report.counts.outcomes["comment"] == {"created": 4}
    shown = (await cms.http.get(f"{WP}/comments?post=5&orderby=id&order=asc")).json()
    assert [(one["id"], one["parent"], one["author"]) for one in shown] == [(70, 0, 0), (71, 70, 7)]
    assert (shown[0]["date"], shown[0]["date_gmt"]) == (
        "2019-03-05T10:00:00",
        "2019-03-05T13:00:00",
    )
    editor = await admin(cms)
    held = (await editor.get(f"{WP}/comments?status=hold")).json()
    spam = (await editor.get(f"{WP}/comments?status=spam&context=edit")).json()
    assert ([one["id"] for one in held], [one["id"] for one in spam]) == ([72], [73])
    assert (spam[0]["author_ip"], spam[0]["author_email"]) == ("", "")
    again = await bring(raw)
    assert again.counts.outcomes["comment"] == {"unchanged": 4}
    assert await told(cms, again) == []


async def test_one_empty_comment_does_not_keep_the_post_out(cms, bring):
    report = await bring(export(item(5, comments=["", "Obrigado!"])))
    assert report.counts.outcomes["comment"] == {"refused": 1, "created": 1}
    assert (await read(cms, "posts", 5))["id"] == 5


async def test_no_person_can_bring_a_comment_as_it_was(cms, bring):
    from cms.content import comments
    from cms.errors import Forbidden

    async with cms.as_system() as work:
        with pytest.raises(Forbidden):
            await comments.bring(work, None, {})


# -- old addresses


async def test_old_addresses_lead_to_the_post(cms, bring):
    await bring(export(item(5, slug="novo", meta={"_wp_old_slug": "velho"})))
    async with cms.as_system() as work:
        rows = await work.all("select source, post_id from cms.redirects order by source")
    found = {row.source: row.post_id for row in rows}
    assert any(source.endswith("/velho") for source in found)
    assert set(found.values()) == {5}


# -- menus


async def test_menus_come_with_their_lines(cms, bring):
    report = await bring(
        export(
            category("dor", "Dor", 11),
            term("nav_menu", "principal", "Principal", 12),
            menu_line(30, "principal", title="Dor leve", above=31, menu_order=2, url="/leve/"),
            menu_line(
                31, "principal", title="", kind="taxonomy", object="category", object_id=11,
                menu_order=1,
            ),
            menu_line(
                32, "principal", title="", kind="post_type", object="page", object_id=40,
                menu_order=3,
            ),
            menu_line(33, "principal", title="Some", kind="post_type", object="x", object_id=999),
            item(40, type="page", title="Sobre", slug="sobre"),
        )
    )  # fmt: skip
    assert report.counts.not_imported == {"lines of menus": 1}
    assert "not here" in (await notes(cms, report, "33"))[0]
    editor = await admin(cms)
    (menu,) = (await editor.get(f"{WP}/menus")).json()
    assert (menu["id"], menu["name"], menu["slug"]) == (12, "Principal", "principal")
    lines = (await editor.get(f"{WP}/menu-items?menus=12&orderby=menu_order&order=asc")).json()
    assert [(one["id"], one["parent"], one["object_id"]) for one in lines] == [
        (31, 0, 11),
        (30, 31, 30),
        (32, 0, 40),
    ]
    assert [one["title"]["rendered"] for one in lines] == ["Dor", "Dor leve", "Sobre"]


# -- files


@pytest.fixture
def uploads(tmp_path) -> Path:
    folder = tmp_path / "uploads"
    (folder / "2019/03").mkdir(parents=True)
    (folder / "2019/03/raio-x.jpg").write_bytes(telling_photo())
    (folder / "2019/03/raio-x-scaled.jpg").write_bytes(b"not the original")
    (folder / "2019/03/mau.jpg").write_bytes(b"<html><script>")
    (tmp_path / "segredo.jpg").write_bytes(telling_photo())
    return folder


def picture(id: int = 8, name: str = "raio-x-scaled.jpg", **fields) -> str:
    meta = {"_wp_attached_file": f"2019/03/{name}", **fields.pop("meta", {})}
    url = f"{SITE}/wp-content/uploads/2019/03/{name}"
    given = {"title": "Raio X", "slug": "raio-x", "status": "inherit", **fields}
    return item(id, type="attachment", url=url, meta=meta, **given)


def files(folder: Path) -> Files:
    return Files(folder, limits=Limits(formats=("webp",)))


async def test_a_file_comes_with_its_words_and_texts_show_it(cms, bring, uploads):
    content = (
        f'<figure><img src="{SITE}/wp-content/uploads/2019/03/raio-x-300x200.jpg" alt="r"></figure>'
        f'<a href="{SITE}/wp-content/uploads/2019/03/raio-x-scaled.jpg">ver</a>'
        f'<a href="{SITE}/wp-content/uploads/2019/03/outro.pdf">outro</a>'
    )
    report = await bring(
        export(
            item(5, content=content, meta={"_thumbnail_id": "8"}),
            picture(
                excerpt="Legenda",
                content="Descrição",
                parent=5,
                meta={"_wp_attachment_image_alt": "Pulmão"},
            ),
        ),
        files=files(uploads),
    )
    assert report.is_whole, await told(cms, report)
    media = await read(cms, "media", 8)
    assert (media["alt_text"], media["post"], media["slug"]) == ("Pulmão", 5, "raio-x")
    assert (media["date"], media["title"]["rendered"]) == ("2019-03-04T09:30:00", "Raio X")
    assert "Legenda" in media["caption"]["rendered"]
    assert "/2019/03/raio-x" in media["source_url"]
    assert (await read(cms, "posts", 5))["featured_media"] == 8
    editor = await admin(cms)
    raw = (await editor.get(f"{WP}/posts/5?context=edit")).json()["content"]["raw"]
    assert "https://clinica.example/wp-content/uploads/2019/03/raio-x-300x200.jpg" in raw
    assert 'href="https://clinica.example/wp-content/uploads/2019/03/raio-x.jpg"' in raw
    assert f"{SITE}/wp-content/uploads/2019/03/outro.pdf" in raw
    served = await cms.http.get("/wp-content/uploads/2019/03/raio-x.jpg")
    assert served.status_code == 200
    assert OWNER.encode() not in served.content


async def test_a_file_is_brought_once_and_its_words_may_change(cms, bring, uploads):
    await bring(export(picture()), files=files(uploads))
    again = await bring(export(picture()))
    assert again.counts.outcomes["attachment"] == {"unchanged": 1}
    newer = export(picture(meta={"_wp_attachment_image_alt": "Pulmão"}))
    assert await told(cms, await bring(newer)) == [("attachment", "8", "changed")]
    assert (await read(cms, "media", 8))["alt_text"] == "Pulmão"


async def test_custom_fields_of_files_and_those_that_name_them(cms, bring, uploads):
    of_media = [[{"param": "attachment", "operator": "==", "value": "all"}]]
    await keep(
        cms,
        group(field("text", "credit", "field_credit"), key="group_media", location=of_media),
        group(field("image", "photo", "field_photo", return_format="id"), key="group_post"),
    )
    cms.tenant = await cms.host.tenants.by_slug(cms.tenant.slug)
    credit = {"credit": "Ana", "_credit": "field_credit"}
    photo = {"photo": "8", "_photo": "field_photo"}
    raw = export(item(5, meta=photo), picture(meta=credit))
    await bring(raw, files=files(uploads))
    assert (await read(cms, "media", 8))["acf"] == {"credit": "Ana"}
    assert (await read(cms, "posts", 5))["acf"] == {"photo": 8}
    leaving = metas(await taken(cms))
    assert {**leaving[8], **credit} == leaving[8]
    assert {**leaving[5], **photo} == leaving[5]


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("falta.jpg", "not imported"),
        ("../../../segredo.jpg", "not imported"),
        ("mau.jpg", "refused"),
    ],
)
async def test_what_has_no_fit_file_is_reported(cms, bring, uploads, name, outcome):
    report = await bring(export(picture(name=name), item(5)), files=files(uploads))
    assert ("attachment", "8", outcome) in await told(cms, report)
    assert (await read(cms, "posts", 5))["id"] == 5
    assert (await cms.http.get(f"{WP}/media/8")).status_code == 404


async def test_without_a_folder_files_wait_and_come_later(cms, bring, uploads):
    raw = export(item(5, meta={"_thumbnail_id": "8"}), picture())
    first = await bring(raw)
    assert first.counts.not_imported == {"items of type attachment": 1}
    assert "--media" in (await notes(cms, first, "8"))[0]
    await bring(raw, files=files(uploads))
    (media,) = (await cms.http.get(f"{WP}/media")).json()
    assert (await read(cms, "posts", 5))["featured_media"] == media["id"]


async def test_a_dry_run_leaves_no_file_behind(cms, bring, uploads):
    report = await bring(export(picture()), files=files(uploads), is_dry_run=True)
    assert report.counts.outcomes["attachment"] == {"created": 1}
    assert (await cms.http.get("/wp-content/uploads/2019/03/raio-x.jpg")).status_code == 404
    async with cms.as_system() as work:
        assert (await work.one("select count(*) from cms.media_files"))[0] == 0


# -- and back


async def test_what_came_leaves_again(cms, bring, uploads, tmp_path):
    said = [{"id": 70, "content": "Pergunta"}, {"id": 71, "content": "Resposta", "parent": 70}]
    report = await bring(
        export(
            author("ana", 7),
            category("dor", "Dor", 11),
            term("nav_menu", "principal", "Principal", 12),
            item(5, comments=said, meta={"_thumbnail_id": "8"}, title="Dor"),
            picture(parent=5, meta={"_wp_attachment_image_alt": "Pulmão"}),
            item(9, type="page", title="Sobre", slug="sobre"),
            item(10, type="page", title="Equipe", slug="equipe", parent=9),
            menu_line(
                30, "principal", title="", kind="post_type", object="page", object_id=9,
                menu_order=1,
            ),
            menu_line(31, "principal", title="Dor", url="/dor/", above=30, menu_order=2),
        ),
        files=files(uploads),
    )  # fmt: skip
    assert report.is_whole
    before = await everything(cms)
    assert all(before.values())
    raw = await taken(cms)
    async with cms.other() as other:
        stored = Path(cms.host.settings.data_dir) / f"media/{cms.tenant.id}/uploads"
        second = await bring(raw, into=other, files=files(stored))
        assert second.is_whole, await told(other, second)
        assert await everything(other) == before


async def everything(clinic) -> dict[str, list]:
    """What clients read, without what names the host."""
    editor = await clinic.person("edu", ["administrator"])
    found = {}
    for base in ("pages", "media", "comments", "menus", "menu-items"):
        answer = await editor.get(f"{WP}/{base}?context=edit&orderby=id&per_page=100")
        assert answer.status_code == 200, answer.text
        text = answer.text.replace(f"{clinic.tenant.slug}.example", "HOST")
        text = text.replace(f"Clínica {clinic.tenant.slug}", "NAME")
        found[base] = msgspec.json.decode(text)
        for one in found[base]:
            del one["_links"]
    return found


async def test_the_same_file_from_another_export_is_not_stored_twice(cms, bring, uploads):
    await bring(export(picture()), files=files(uploads))
    report = await bring(export(picture(77), site="https://dois.example"), files=files(uploads))
    assert ("attachment", "77", "skipped") in await told(cms, report)
    assert [one["id"] for one in (await cms.http.get(f"{WP}/media")).json()] == [8]
