"""`cms fields import` and `export`: what came in goes out again, to the letter."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cms.cli import cms as commands
from cms.fields import groups
from cms.fields.acf_types import post_type_of, taxonomy_of
from cms.fields.exchanging import written
from tests.support.clinic import Clinic

Cli = Callable[..., Awaitable[str]]
TENANT = ("--tenant", "clinica")

GROUP: dict[str, Any] = {
    "key": "group_6b011eafb5d4f",
    "title": "Bula — \"aspas\" e acentuação",
    "fields": [
        {
            "key": "field_6b011eafb5d50",
            "label": "Unidade",
            "name": "unidade",
            "aria-label": "",
            "type": "text",
            "instructions": "",
            "required": 0,
            "conditional_logic": 0,
            "wrapper": {"width": "", "class": "", "id": ""},
            "default_value": "",
            "maxlength": "",
            "allow_in_bindings": 1,
            "of_a_plugin": {"z": 0.1, "a": [None, True, 1e-7, "é\u2028"]},
        }
    ],
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "menu_order": 0,
    "position": "normal",
    "style": "default",
    "label_placement": "top",
    "instruction_placement": "label",
    "hide_on_screen": "",
    "active": True,
    "description": "",
    "show_in_rest": 1,
    "display_title": "",
    "allow_ai_access": False,
    "ai_description": "",
    "modified": 1763700000,
}  # fmt: skip
OTHER = {
    **GROUP,
    "key": "group_other",
    "menu_order": 1,
    "fields": [{"type": "number", "key": "field_other", "name": "dose", "label": "Dose"}],
}


@pytest.fixture
def cli(cms: Clinic, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """A command of the installation that the clinic lives in."""
    where = cms.host.addresses
    monkeypatch.setenv("CMS_DATABASE_URL", where.web)
    monkeypatch.setenv("CMS_DATABASE_OWNER_URL", where.owner)
    monkeypatch.setenv("CMS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()

    async def call(*words: str, code: int = 0) -> str:
        ran = await asyncio.to_thread(CliRunner().invoke, commands, [*words])
        assert ran.exit_code == code, (ran.output, ran.exception)
        return ran.stdout

    return call


async def test_what_came_in_goes_out_to_the_letter(cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "acf-json"
    folder.mkdir()
    for one in (GROUP, OTHER):
        (folder / f"{one['key']}.json").write_text(written(one))
    assert "Nothing was changed" in await cli("fields", "import", "acf-json", *TENANT, "--dry-run")
    said = json.loads(await cli("fields", "import", "acf-json", *TENANT, "--json"))
    assert [one["outcome"] for one in said["lines"]] == ["new", "new"]
    again = json.loads(await cli("fields", "import", "acf-json", *TENANT, "--json"))
    assert [one["outcome"] for one in again["lines"]] == ["same", "same"]
    await cli("fields", "export", *TENANT, "--folder", "out")
    for one in folder.iterdir():
        assert (tmp_path / "out" / one.name).read_bytes() == one.read_bytes()
    await cli("fields", "export", *TENANT, "--file", "all.json")
    assert (tmp_path / "all.json").read_text() == written([GROUP, OTHER])
    assert await cli("fields", "export", "group_other", *TENANT) == written([OTHER])
    await cli("fields", "import", "all.json", *TENANT)
    planned = json.loads(await cli("fields", "export", *TENANT, "--folder", "x", "--dry-run",
                                   "--json"))  # fmt: skip
    assert planned["field_groups"] == [GROUP["key"], "group_other"]
    assert not (tmp_path / "x").exists()


async def test_one_that_is_refused_does_not_hold_up_the_others(cli: Cli, tmp_path: Path) -> None:
    wrong = {**OTHER, "key": "group_wrong", "fields": [{"key": "field_w", "type": "telepathy"}]}
    (tmp_path / "all.json").write_text(json.dumps([wrong, GROUP]))
    told = await cli("fields", "import", "all.json", *TENANT, code=3)
    assert "refused   field group group_wrong" in told
    assert "fields[0].type: there is no type 'telepathy'" in told
    assert "new       field group group_6b011eafb5d4f" in told


async def test_a_check_tells_of_groups_that_cannot_be_read(cli: Cli, cms: Clinic) -> None:
    async with cms.as_system() as work:
        await groups.save(work, GROUP)
        await work.execute(
            "update cms.field_groups set definition = "
            "replace(definition::text, '\"text\"', '\"telepathy\"')::json"
        )
    findings = json.loads(await cli("check", "--json", code=1))
    (told,) = [one for one in findings if one["name"] == "field groups"]
    assert not told["well"]
    assert f"clinica: {GROUP['key']} (fields[0].type there is no type" in told["message"]


@pytest.mark.parametrize(
    "text", ["{", "[1]", '{"key": "other_x"}', '{"key": "group_x", "a": NaN}', "[" * 100_000]
)
async def test_a_file_that_is_none_of_theirs_is_named(cli: Cli, tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.json").write_text(text)
    ran = await asyncio.to_thread(
        CliRunner().invoke, commands, ["fields", "import", "odd.json", *TENANT]
    )
    assert ran.exit_code == 1
    assert "odd.json" in str(ran.exception)


BOOK = {
    "key": "post_type_6540c7b7e4b1a",
    "title": "Books",
    "menu_order": 0,
    "active": True,
    "post_type": "book",
    "advanced_configuration": True,
    "labels": {"name": "Books", "singular_name": "Book", "menu_name": "Books"},
    "description": "What we have read.",
    "public": True,
    "hierarchical": False,
    "exclude_from_search": True,
    "show_in_rest": True,
    "rest_base": "books",
    "rest_namespace": "wp/v2",
    "rename_capabilities": False,
    "singular_capability_name": "post",
    "plural_capability_name": "posts",
    "supports": ["title", "editor", "thumbnail", "custom-fields", "telepathy"],
    "taxonomies": ["genre", "category"],
    "has_archive": True,
    "has_archive_slug": "library",
    "rewrite": {"permalink_rewrite": "custom_permalink", "slug": "read", "with_front": "1"},
    "menu_icon": {"type": "dashicons", "value": "dashicons-book"},
}
GENRE = {
    "key": "taxonomy_6540c7b7e4b1b",
    "title": "Genres",
    "active": True,
    "taxonomy": "genre",
    "object_type": ["post"],
    "labels": {"name": "Genres", "singular_name": "Genre"},
    "hierarchical": 1,
    "capabilities": {"manage_terms": "manage_categories", "assign_terms": "edit_pages"},
    "rewrite": {"permalink_rewrite": "taxonomy_key"},
}


def test_types_are_told_from_their_exports() -> None:
    book, left = post_type_of(BOOK, [GENRE])
    assert (book.name, book.rest_base, book.label, book.singular) == (
        "book", "books", "Books", "Book",
    )  # fmt: skip
    assert (book.taxonomies, book.has_archive, book.rewrite) == (("category",), "library", "read")
    assert (book.icon, book.supports[-1]) == ("dashicons-book", "custom-fields")
    assert left == ["exclude_from_search: True", "support of telepathy"]
    genre, left = taxonomy_of(GENRE, [BOOK])
    assert (genre.post_types, genre.is_hierarchical, left) == (("post", "book"), True, [])
    assert genre.capabilities == (
        "manage_categories", "manage_categories", "manage_categories", "edit_pages",
    )  # fmt: skip


async def test_types_and_taxonomies_in_a_file_become_the_sites_own(
    cli: Cli, cms: Clinic, tmp_path: Path
) -> None:
    located = [[{"param": "post_type", "operator": "==", "value": "book"}]]
    pages = {"key": "ui_options_page_1", "title": "Theme", "menu_slug": "theme"}
    everything = [{**GROUP, "location": located}, GENRE, pages, BOOK]
    (tmp_path / "all.json").write_text(json.dumps(everything))
    told = await cli("fields", "import", "all.json", *TENANT, code=3)
    assert "left out  options page ui_options_page_1" in told
    assert "not carried over: support of telepathy" in told
    cms.host.tenants.forget()
    admin = await cms.person("dona.marina", ("administrator",))
    genre = (await admin.post("/wp-json/wp/v2/genre", {"name": "Drama"})).json()["id"]
    book = await cms.draft(admin, "books", genre=[genre], acf={"unidade": "página"})
    assert (book["genre"], book["acf"]) == ([genre], {"unidade": "página"})
    again = json.loads(await cli("fields", "import", "all.json", *TENANT, "--json", code=3))
    assert [one["outcome"] for one in again["lines"]] == ["same", "same", "left out", "same"]
