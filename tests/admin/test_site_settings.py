"""The settings of the site."""

import pytest

from cms.admin.site_groups import GROUPS, SET_BY_THE_HOUSE, groups
from cms.kernel.tenant import SiteOptions


def test_every_option_has_a_field_and_its_value_survives_its_control():
    fields = {one.name: one for group in groups() for one in group.fields}
    assert set(fields) | SET_BY_THE_HOUSE == set(SiteOptions.__struct_fields__)
    named = [one.name for group in GROUPS for one in group.fields]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("group", [group.slug for group in groups()])
async def test_saving_a_group_as_it_stands_changes_nothing(visitor, cms, group):
    admin = await visitor("marina", roles=["administrator"])
    where = f"/admin/settings/{group}"
    before = cms.tenant.site
    form = (await admin.get(where)).fields(where)
    assert (await admin.send(where, form)).location == where
    assert (await cms.host.tenants.by_slug("clinica")).site == before


async def test_settings_are_saved_and_seen_by_the_api(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    sent = {"title": "Clínica Nova", "description": "", "email": "", "site_logo": "0"}
    done = await admin.send("/admin/settings/site", sent | {"site_icon": "0"})
    assert "The settings are saved." in (await admin.follow(done)).words
    person = await cms.person("marina")
    body = (await person.get("/wp-json/wp/v2/settings")).json()
    assert body["title"] == "Clínica Nova"


async def test_one_wrong_value_keeps_the_group_from_being_saved(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    where = "/admin/settings/languages"
    form = (await admin.get(where)).fields(where)
    refused = await admin.send(where, form | {"timezone": "Lua", "date_format": "d/m/Y"})
    assert refused.status == 422
    assert refused.tree.css_first("#timezone").attributes["value"] == "Lua"
    assert refused.tree.css_first("#date_format").attributes["value"] == "d/m/Y"
    assert (await cms.host.tenants.by_slug("clinica")).site.date_format == "F j, Y"


UNFIT = [
    ("reading", "posts_per_page", "0"),
    ("reading", "posts_per_rss", "1000"),
    ("reading", "posts_per_page", "dez"),
    ("reading", "show_on_front", "tudo"),
    ("reading", "page_on_front", "77"),
    ("languages", "start_of_week", "9"),
    ("discussion", "default_comment_status", "talvez"),
    ("front-end", "menu_locations", "sem rótulo"),
    ("front-end", "front_end_url", "javascript:1"),
    ("permalinks", "permalink_structure", "/x"),
    ("sign-in", "session_hours", "99"),
]


async def test_what_does_not_fit_is_named_at_its_field(visitor):
    admin = await visitor("marina", roles=["administrator"])
    for group, name, wrong in UNFIT:
        where = f"/admin/settings/{group}"
        form = (await admin.get(where)).fields(where)
        refused = await admin.send(where, form | {name: wrong})
        assert refused.status == 422, (name, refused.words)
        assert refused.tree.css_first(f"#{name}-fault") is not None, name


async def test_an_author_sees_no_settings(visitor):
    ana = await visitor("ana")
    assert (await ana.get("/admin/settings")).status == 403
    assert (await ana.send("/admin/settings/site", {"title": "X"})).status == 403
    admin = await visitor("marina", roles=["administrator"])
    assert (await admin.get("/admin/settings/nada")).status == 404


async def test_a_page_is_chosen_by_its_words_and_shown_by_its_name(visitor, cms):
    marina = await cms.person("marina", ["administrator"])
    admin = await visitor("marina", roles=["administrator"])
    front = await cms.draft(marina, base="pages", title="Bem-vindo", status="publish")
    where = "/admin/settings/reading"
    form = (await admin.get(where)).fields(where)
    done = await admin.send(where, form | {"page_on_front": str(front["id"])})
    seen = await admin.follow(done)
    assert "Bem-vindo" in seen.words
    assert cms.tenant.site.page_on_front == 0
    assert (await cms.host.tenants.by_slug("clinica")).site.page_on_front == front["id"]
    refused = await admin.send(where, form | {"page_on_front": "a primeira"})
    assert refused.status == 422
    assert "must be a whole number" in refused.words
