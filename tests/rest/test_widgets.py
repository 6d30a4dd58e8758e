"""Widgets and sidebars as data, with WordPress's errors."""

import pytest

from cms.rest import sidebars, widget_types, widgets
from tests.support.parity import differences
from tests.support.queries import counted
from tests.support.wordpress import fields, flat

V2 = "/wp-json/wp/v2"
WIDGET = "/wp/v2/widgets/(?P<id>[\\w\\-]+)"
BLOCK = "<!-- wp:paragraph -->\n<p>Beba água.</p>\n<!-- /wp:paragraph -->"


@pytest.mark.parametrize(
    ("table", "route", "method"),
    [
        (widgets.LIST, "/wp/v2/widgets", "GET"),
        (widgets.CHANGE, WIDGET, "PUT"),
        (widgets.DELETE, WIDGET, "DELETE"),
        (sidebars.LIST, "/wp/v2/sidebars", "GET"),
        (sidebars.CHANGE, "/wp/v2/sidebars/(?P<id>[\\w-]+)", "PUT"),
        (widget_types.LIST, "/wp/v2/widget-types", "GET"),
        (widget_types.ENCODE, "/wp/v2/widget-types/(?P<id>[a-zA-Z0-9_-]+)/encode", "POST"),
        (widget_types.RENDER, "/wp/v2/widget-types/(?P<id>[a-zA-Z0-9_-]+)/render", "POST"),
    ],
)
def test_arguments_are_those_of_wordpress(table, route, method):
    in_path = "" if table is widgets.CHANGE else "id"
    assert differences(table, route, method, in_path=in_path) == []


def test_creating_asks_for_a_sidebar_and_has_one_by_default():
    """WordPress says that `sidebar` is required, and takes the default where it is left out."""
    told = differences(widgets.CREATE, "/wp/v2/widgets", "POST", in_path="")
    assert told == ["sidebar.required: None, in WordPress True"]


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


async def added(admin, sidebar="sidebar-1", **instance):
    body = {"id_base": "block", "sidebar": sidebar, "instance": {"raw": instance}}
    made = await admin.post(f"{V2}/widgets", body)
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_block_widget_is_made_changed_moved_and_deleted(cms, admin):
    made = await added(admin, content=BLOCK)
    assert list(made) == [
        "id", "id_base", "sidebar", "rendered", "rendered_form", "instance", "_links",
    ]  # fmt: skip
    own = f"{V2}/widgets/{made['id']}"
    frame = f'<section id="{made["id"]}" class="widget widget_block">'
    assert "".join(made["rendered"].split("\n")) == f"{frame}<p>Beba água.</p></section>"
    assert made["instance"]["raw"] == {"content": BLOCK}
    seen = (await admin.get(own)).json()
    assert "instance" not in seen
    sealed = {name: made["instance"][name] for name in ("encoded", "hash")}
    assert (await admin.post(own, {"instance": sealed})).json()["instance"] == made["instance"]
    idle = (await admin.delete(own)).json()
    assert (idle["sidebar"], idle["rendered"]) == ("wp_inactive_widgets", "")
    back = await admin.post(own, {"sidebar": "sidebar-1"})
    assert back.json()["sidebar"] == "sidebar-1"
    gone = (await admin.delete(f"{own}?force=true")).json()
    assert (gone["deleted"], gone["previous"]["id"]) == (True, made["id"])
    missing = await admin.get(own)
    assert (missing.status_code, missing.json()["code"]) == (404, "rest_widget_not_found")


async def test_a_sidebar_holds_the_widgets_that_it_is_told_to(admin):
    one, two, three = [await added(admin, content=f"<p>{n}</p>") for n in range(3)]
    own = f"{V2}/sidebars/sidebar-1"
    wanted = {"widgets": [three["id"], one["id"]]}
    shown = (await admin.post(own, wanted)).json()
    assert shown["widgets"] == wanted["widgets"]
    listed = (await admin.get(f"{V2}/sidebars")).json()
    assert [(each["id"], each["status"]) for each in listed] == [
        ("sidebar-1", "active"),
        ("wp_inactive_widgets", "inactive"),
    ]
    assert listed[1]["widgets"] == [two["id"]]
    found = (await admin.get(f"{V2}/widgets?sidebar=sidebar-1")).json()
    assert [each["id"] for each in found] == wanted["widgets"]
    unknown = await admin.post(own, {"widgets": ["block-999"]})
    assert list(unknown.json()["data"]["params"]) == ["widgets"]
    nowhere = await admin.get(f"{V2}/sidebars/attic")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "rest_sidebar_not_found")


async def test_the_fields_of_each_context_are_those_of_wordpress(admin):
    made = await added(admin, content=BLOCK)
    own = {
        "wp_v2_widgets": f"{V2}/widgets/{made['id']}",
        "wp_v2_sidebars": f"{V2}/sidebars/sidebar-1",
        "wp_v2_widget-types": f"{V2}/widget-types/block",
    }
    for schema, address in own.items():
        for context in ("view", "edit", "embed"):
            body = (await admin.get(f"{address}?context={context}")).json()
            wanted = set(fields(schema, context))
            assert flat(body, deep=frozenset({"instance"})) == wanted, (schema, context)


async def test_older_widgets_are_kept_as_data(admin):
    body = {"id_base": "text", "sidebar": "sidebar-1"}
    form = "widget-text[2][title]=Olá&widget-text[2][text]=Um <script>x</script>texto"
    made = (await admin.post(f"{V2}/widgets", {**body, "form_data": form})).json()
    assert made["instance"]["raw"] == {"title": "Olá", "text": "Um texto"}
    assert '<h2 class="widget-title">Olá</h2>' in made["rendered"]
    menu = {"id_base": "nav_menu", "instance": {"raw": {"nav_menu": 7}}}
    made = (await admin.post(f"{V2}/widgets", menu)).json()
    assert (made["sidebar"], made["rendered"]) == ("wp_inactive_widgets", "")
    types = (await admin.get(f"{V2}/widget-types")).json()
    assert {"block", "text", "nav_menu", "recent-posts"} <= {one["id"] for one in types}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Widget type (id_base) is required."),
        ({"id_base": "nope"}, "The provided widget type (id_base) cannot be updated."),
        (
            {"id_base": "block", "instance": {}},
            "The provided instance is invalid. Must contain raw OR encoded and hash.",
        ),
        (
            {"id_base": "block", "instance": {"encoded": "e30=", "hash": "0"}},
            "The provided instance is malformed.",
        ),
    ],
)
async def test_a_wrong_widget_is_refused_in_the_words_of_wordpress(admin, body, message):
    refused = await admin.post(f"{V2}/widgets", body)
    assert refused.status_code == 400
    assert (refused.json()["code"], refused.json()["message"]) == ("rest_invalid_widget", message)
    assert (await admin.get(f"{V2}/widgets")).json() == []


async def test_only_who_edits_the_theme_sees_widgets(cms, admin):
    made = await added(admin, content=BLOCK)
    body = {
        "code": "rest_cannot_manage_widgets",
        "message": "Sorry, you are not allowed to manage widgets on this site.",
        "data": {"status": 401},
    }
    editor = await cms.person("ed", ["editor"])
    for path in ("widgets", f"widgets/{made['id']}", "sidebars", "sidebars/x", "widget-types"):
        stranger = await cms.http.get(f"{V2}/{path}")
        assert (stranger.status_code, stranger.json()) == (401, body), path
        refused = await editor.get(f"{V2}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (403, body["code"]), path
    for path in ("widgets", f"widgets/{made['id']}", "sidebars/sidebar-1"):
        assert (await cms.http.post(f"{V2}/{path}", json={})).json() == body
        assert (await editor.post(f"{V2}/{path}", {})).status_code == 403


async def test_a_kind_of_widget_is_encoded_and_rendered(admin):
    instance = {"raw": {"content": "<p>Olá<script>x</script></p>"}}
    base = f"{V2}/widget-types/block"
    made = (await admin.post(f"{base}/encode", {"instance": instance})).json()
    assert list(made) == ["form", "preview", "instance"]
    assert made["instance"]["raw"] == {"content": "<p>Olá</p>"}
    sealed = {name: made["instance"][name] for name in ("encoded", "hash")}
    shown = (await admin.post(f"{base}/render", {"instance": sealed})).json()
    assert shown == {"preview": made["preview"]}
    missing = await admin.get(f"{V2}/widget-types/nope")
    assert (missing.status_code, missing.json()["code"]) == (404, "rest_widget_type_invalid")


async def test_many_widgets_cost_as_much_as_one(cms, admin):
    costs = set()
    for _ in range(3):
        await added(admin, content=BLOCK)
        with counted(cms.host) as statements:
            await admin.get(f"{V2}/widgets?context=edit")
        costs.add(len(statements))
    assert len(costs) == 1


async def test_the_two_sites_do_not_meet(cms, admin):
    made = await added(admin, content=BLOCK)
    async with cms.other() as other:
        theirs = await other.person("outra", ["administrator"])
        assert (await theirs.get(f"{V2}/widgets")).json() == []
        assert (await theirs.get(f"{V2}/widgets/{made['id']}")).status_code == 404
