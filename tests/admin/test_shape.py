"""Terms, types and taxonomies."""

from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic

_TYPE = {
    "is_new": "1",
    "label": "Casos",
    "singular": "Caso",
    "name": "case_report",
    "is_public": "1",
    "capability_one": "post",
    "capability_many": "posts",
    "supports": ["title", "editor"],
}


async def test_a_term_is_added_moved_and_deleted(visitor: Visiting) -> None:
    bia = await visitor("bia", ["editor"])
    home = "/admin/terms/category"
    assert "The term is added." in (await bia.follow(await bia.send(home, {"name": "Pele"}))).words
    listed = await bia.get(home)
    pele = next(link for link in listed.links if link.startswith(f"{home}/"))
    below = {"name": "Acne", "parent": pele.rpartition("/")[2]}
    await bia.send(home, below)
    assert "— Acne" in (await bia.get(home)).words
    again = await bia.send(home, {"name": "Pele"})
    assert again.status == 422
    assert "exists" in again.words
    assert "The term is deleted." in (await bia.follow(await bia.send(f"{pele}/delete"))).words
    assert "Pele" not in (await bia.get(home)).words


async def test_a_branch_cannot_hang_below_itself(visitor: Visiting, cms: Clinic) -> None:
    bia = await visitor("bia", ["editor"])
    person = await cms.person("bia")
    ids = []
    for name in ("Pele", "Acne"):
        body = {"name": name, "parent": ids[-1] if ids else 0}
        ids.append((await person.post("/wp-json/wp/v2/categories", body)).json()["id"])
    seen = await bia.send(f"/admin/terms/category/{ids[0]}", {"name": "Pele", "parent": ids[1]})
    assert seen.status == 422
    assert "cannot stand below itself" in seen.tree.css_first("#parent-fault").text()


async def test_who_may_not_manage_terms_is_refused(visitor: Visiting) -> None:
    reader = await visitor("rui", ["subscriber"])
    assert (await reader.get("/admin/terms/category")).status == 403
    author = await visitor("ana", ["author"])
    assert (await author.get("/admin/terms/post_tag")).status == 200
    assert (await author.get("/admin/terms/nothing")).status == 404


async def test_a_type_is_declared_served_and_removed(visitor: Visiting, cms: Clinic) -> None:
    admin = await visitor("adm", ["administrator"])
    done = await admin.follow(await admin.send("/admin/types", _TYPE))
    assert "The type is saved." in done.words
    assert "/admin/types/case_report" in done.links
    served = await (await cms.person("adm")).get("/wp-json/wp/v2/case_report")
    assert served.status_code == 200
    form = (await admin.get("/admin/types/case_report")).fields("/admin/types")
    assert form["label"] == "Casos"
    changed = await admin.follow(
        await admin.send("/admin/types", {**form, "label": "Relatos", "supports": ["title"]})
    )
    assert "Relatos" in changed.words
    gone = await admin.follow(await admin.send("/admin/types/case_report/delete"))
    assert "The type is removed." in gone.words


async def test_what_is_wrong_with_a_type_is_said_at_its_field(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    seen = await admin.send("/admin/types", {**_TYPE, "name": "Not A Key"})
    assert seen.status == 422
    assert seen.tree.css_first("#name-fault") is not None
    assert seen.fields("/admin/types")["label"] == "Casos"


async def test_a_taxonomy_is_declared_and_has_terms(visitor: Visiting) -> None:
    admin = await visitor("adm", ["administrator"])
    wanted = {"is_new": "1", "label": "Temas", "name": "my_theme", "post_types": ["post"]}
    done = await admin.follow(await admin.send("/admin/taxonomies", {**wanted, "is_public": "1"}))
    assert "The taxonomy is saved." in done.words
    assert "/admin/terms/my_theme" in done.links
    assert (await admin.get("/admin/terms/my_theme")).status == 200


async def test_types_are_for_administrators(visitor: Visiting) -> None:
    author = await visitor("ana", ["author"])
    assert (await author.get("/admin/types")).status == 403
    assert (await author.send("/admin/types", _TYPE)).status == 403
