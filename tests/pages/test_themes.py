"""Themes: found by name, drawn in a sandbox, and open about what is wrong only to their makers."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from cms.errors import SetupError
from cms.site import themes
from cms.site.themes import ThemeFault
from tests.conftest import Command
from tests.pages.conftest import Site
from tests.support.clinic import Person

MANIFEST = 'name = "Praça"\nversion = "2"\n[menus]\ntop = "Above"\n[sidebars]\n'


@pytest.fixture
def data(site: Site) -> Path:
    return Path(site.cms.host.settings.data_dir).resolve()


def write(data: Path, name: str = "praca", manifest: str = MANIFEST, **templates: str) -> None:
    folder = data / "themes" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "theme.toml").write_text(manifest)
    for template, text in templates.items():
        (folder / f"{template}.html").write_text(text)


async def test_a_site_chooses_a_theme_of_its_installation(site: Site, data: Path) -> None:
    main = "{% block main %}<h1>Praça: {{ text.title }}</h1>{% endblock %}"
    write(data, single="{% extends 'base.html' %}" + main)
    answer = await _choose(site, "praca")
    assert answer.status_code == 200, answer.text
    seen = await site.see(await site.path(title="Gripe"))
    assert seen.text("h1") == "Praça: Gripe"
    # What it leaves out is the default theme's, its files too.
    assert (await site.see("/")).text("h1") == "Textos mais recentes"
    (sheet,) = (await site.see("/")).values("link[rel=stylesheet]", "href")
    assert sheet.startswith("/theme/praca/")
    assert (await site.see(sheet)).status == 200
    places = (await site.editor.get("/wp-json/wp/v2/menu-locations")).json()
    assert set(places) == {"top"}


async def _choose(site: Site, name: str):
    changed = {"theme": name, "serves_pages": True}
    return await site.cms.http.patch("/api/v1/settings", json=changed, headers=site.editor.bearer)


async def test_a_theme_that_is_not_there_is_refused_by_name(site: Site) -> None:
    for name in ("nenhum", "../default", ""):
        answer = await _choose(site, name)
        assert answer.status_code == 400
        assert "there are: default" in answer.json()["faults"]["theme"]


async def test_who_edits_a_theme_sees_it_at_the_next_page(site: Site, data: Path) -> None:
    write(data, single="Um")
    await _choose(site, "praca")
    path = await site.path()
    assert (await site.see(path)).answer.text == "Um"
    write(data, single="Dois e mais")
    assert (await site.see(path)).answer.text == "Dois e mais"


FAULTS = (
    ("a\n{{ text.nobody_gave_this }}", 2, "nobody_gave_this"),
    ("a\n\n{% if %}", 3, "Expected an expression"),
    ("{{ ''.__class__.__mro__ }}", 1, "SecurityError"),
    ("{{ text.update({'title': 1}) }}", 1, "SecurityError"),
    ("{{ text.rest.clear() }}", 1, "SecurityError"),
    ("{% include 'nothing.html' %}", 1, "TemplateNotFound"),
    ("{{ t('no such word') }}", 1, "KeyError"),
)


async def test_a_fault_is_told_to_its_maker_and_to_no_reader(site: Site, data: Path) -> None:
    write(data, single="Um")
    await _choose(site, "praca")
    path = await site.path()
    for template, line, reason in FAULTS:
        write(data, single=template)
        with capture_logs() as logs:
            seen = await site.see(path)
        assert seen.status == 503, template
        assert reason not in seen.answer.text
        assert "single.html" not in seen.answer.text
        assert seen.answer.headers["cache-control"] == "no-store"
        (told,) = [one for one in logs if one["event"] == "theme failed"]
        assert (told["template"], told["line"]) == ("single.html", line), told
        assert reason in told["reason"]


async def test_a_broken_theme_leaves_readers_the_default_one(site: Site, data: Path) -> None:
    write(data)
    await _choose(site, "praca")
    write(data, manifest="name = 1")
    path = await site.path(title="Gripe")
    with capture_logs() as logs:
        assert (await site.see(path)).text("h1") == "Gripe"
    assert [one["theme"] for one in logs if one["event"] == "theme cannot be used"] == ["praca"]


async def test_nothing_but_its_own_files_is_served(site: Site, data: Path) -> None:
    write(data, single="Um")
    assets = data / "themes" / "praca" / "assets"
    assets.mkdir()
    (assets / "a.css").write_text("a {}")
    (assets / "a.js").write_text("alert(1)")
    (assets / ".hidden.css").write_text("b {}")
    assert (await site.see("/theme/praca/x/a.css")).answer.text == "a {}"
    for hidden in ("a.js", ".hidden.css", "theme.toml", "single.html", "..%2Ftheme.toml"):
        assert (await site.see(f"/theme/praca/x/{hidden}")).status == 404


def test_every_template_of_the_default_theme_can_be_read(tmp_path: Path) -> None:
    theme = themes.find("default", tmp_path)
    assert theme.faults() == []
    assert theme.words["en"].keys() == theme.words["pt"].keys()
    assert theme.says("fr-FR")("home") == "Home"
    for name, text in _sources(theme.folder):
        for forbidden in (" style=", "hx-on", "javascript:", "<style", " onclick", "//cdn"):
            assert forbidden not in text, name


def _sources(folder: Path) -> list[tuple[str, str]]:
    return [(path.name, path.read_text()) for path in sorted(folder.glob("*.html"))]


def test_a_fault_of_syntax_is_found_before_a_reader_meets_it(tmp_path: Path) -> None:
    write(tmp_path, single="a\n{% if %}")
    theme = themes.find("praca", tmp_path)
    (fault,) = theme.faults()
    assert fault.startswith("single.html:2: ")
    with pytest.raises(ThemeFault):
        theme.draw("single.html", {})
    with pytest.raises(SetupError, match="there are: default, praca"):
        themes.find("outra", tmp_path)


async def test_wordpress_clients_see_which_themes_there_are(site: Site, data: Path) -> None:
    write(data, single="Um")
    broken = data / "themes" / "rasgado"
    broken.mkdir(parents=True)
    (broken / "theme.toml").write_text("name = ")
    admin = await site.cms.person("raiz", ["administrator"])
    assert await _statuses(admin, "") == {
        "default": "active",
        "praca": "inactive",
        "rasgado": "inactive",
    }
    await _choose(site, "praca")
    assert await _statuses(admin, "?status=active") == {"praca": "active"}
    assert set(await _statuses(admin, "?status=inactive")) == {"default", "rasgado"}
    one = (await admin.get("/wp-json/wp/v2/themes/praca")).json()
    assert (one["name"]["raw"], one["status"]) == ("Praça", "active")
    styles = "/wp-json/wp/v2/global-styles/themes"
    assert (await admin.get(f"{styles}/praca")).status_code == 200
    assert (await admin.get(f"{styles}/default")).status_code == 404
    (data / "themes" / "praca" / "theme.toml").write_text("name = ")
    assert await _statuses(admin, "?status=active") == {"default": "active"}


async def _statuses(admin: Person, query: str) -> dict[str, str]:
    answer = await admin.get(f"/wp-json/wp/v2/themes{query}")
    assert answer.status_code == 200, answer.text
    return {one["stylesheet"]: one["status"] for one in answer.json()}


async def test_a_check_tells_of_themes_at_fault(site: Site, data: Path, command: Command) -> None:
    write(data, single="a\n{% if %}")
    await _choose(site, "praca")
    told = await _told_of_themes(command)
    assert told["theme default"]["well"]
    assert told["theme praca"]["message"].startswith("single.html:2: ")
    assert "mend the template" in told["theme praca"]["remedy"]
    (data / "themes" / "praca" / "theme.toml").write_text("name = ")
    assert "cannot be read" in (await _told_of_themes(command))["theme praca"]["message"]
    shutil.rmtree(data / "themes" / "praca")
    assert "there is no theme 'praca'" in (await _told_of_themes(command))["theme praca"]["message"]


async def _told_of_themes(command: Command) -> dict[str, Any]:
    # Other things are not well here either: nobody has imported a roster.
    found = json.loads(await command("check", "--json", code=1))
    return {one["name"]: one for one in found if one["name"].startswith("theme")}
