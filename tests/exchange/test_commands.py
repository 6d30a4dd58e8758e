"""`cms import` and `cms export` as an operator types them."""

import json

import pytest

from tests.exchange.files import author, category, export, item

RAW = export(
    author("ana", 7),
    category("dor", "Dor", 11),
    item(1, title="Dor", terms=[("category", "dor", "Dor")]),
    item(2, title="Sono", status="draft"),
)


@pytest.fixture
def cli(command, tmp_path):
    """A command of the clinic's installation, in a folder with an export."""
    (tmp_path / "export.xml").write_bytes(RAW)
    return command


TENANT = ("--tenant", "clinica")


async def test_import_report_list_and_export(cli, cms, tmp_path):
    dry = await cli("import", "wxr", "export.xml", *TENANT, "--dry-run")
    assert "Rehearsed from blog.exemplo.example" in dry
    assert (await cms.http.get("/wp-json/wp/v2/posts")).json() == []
    said = json.loads(await cli("import", "wxr", "export.xml", *TENANT, "--json"))
    assert said["counts"]["outcomes"]["post"] == {"created": 2}
    assert [p["id"] for p in (await cms.http.get("/wp-json/wp/v2/posts")).json()] == [1]
    report = await cli("import", "report", str(said["run_id"]), *TENANT)
    assert "created      post 1 -> 1  Dor" in report
    lines = await cli("import", "report", str(said["run_id"]), *TENANT, "--json")
    assert [json.loads(line)["kind"] for line in lines.splitlines()] == [
        "author",
        "term",
        "post",
        "post",
    ]
    listed = json.loads(await cli("import", "list", *TENANT, "--json"))
    assert [(one["state"], one["is_dry_run"]) for one in listed] == [
        ("finished", False),
        ("finished", True),
    ]
    took = await cli("export", "wxr", *TENANT, "--output", "out.xml", "--json")
    assert json.loads(took)["exported"] == {"authors": 1, "post": 2, "terms": 1}
    assert (tmp_path / "out.xml").read_bytes().endswith(b"</rss>\n")
    assert list(tmp_path.glob(".*.part")) == []


async def test_what_has_no_place_here_has_an_exit_code_of_its_own(cli, tmp_path):
    (tmp_path / "export.xml").write_bytes(export(item(1, type="receita")))
    said = await cli("import", "wxr", "export.xml", *TENANT, code=3)
    assert "not imported: items of type receita (1)" in said


@pytest.mark.parametrize(
    "words",
    [
        ("--map-type", "a=b"),
        ("--map-taxonomy", "a=b"),
        ("--author", "ana=nobody"),
        ("--default-author", "nobody"),
        ("--by", "nobody"),
    ],
)
async def test_names_that_do_not_exist_are_refused_before_anything_is_read(cli, cms, words):
    await cli("import", "wxr", "export.xml", *TENANT, *words, code=1)
    async with cms.as_system() as work:
        assert (await work.one("select count(*) from cms.import_runs"))[0] == 0


async def test_a_pair_without_a_name_is_refused(cli):
    await cli("import", "wxr", "export.xml", *TENANT, "--author", "ana", code=2)


async def test_a_file_that_is_no_export_is_refused(cli, tmp_path):
    (tmp_path / "export.xml").write_bytes(b"<html></html>")
    await cli("import", "wxr", "export.xml", *TENANT, code=1)
