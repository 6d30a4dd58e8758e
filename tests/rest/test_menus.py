"""Menus, their items and where they are shown, as WordPress 6.1.9 was seen to answer."""

import pytest

from cms.rest import menu_item_body, menu_locations, menus
from cms.site import items
from cms.tenancy import options
from tests.rest.test_wordpress_errors import MEASURED
from tests.support.parity import differences
from tests.support.queries import counted
from tests.support.wordpress import fields, flat

V2 = "/wp-json/wp/v2"
MENU_ID, ITEM_ID = "/wp/v2/menus/(?P<id>[\\d]+)", "/wp/v2/menu-items/(?P<id>[\\d]+)"
ROLES = ("subscriber", "contributor", "author", "editor", "administrator")


@pytest.mark.parametrize(
    ("table", "route", "method"),
    [
        (menus.LIST, "/wp/v2/menus", "GET"),
        (menus.CREATE, "/wp/v2/menus", "POST"),
        (menus.ITEM, MENU_ID, "GET"),
        (menus.CHANGE, MENU_ID, "PUT"),
        (menus.DELETE, MENU_ID, "DELETE"),
        (menu_locations.LIST, "/wp/v2/menu-locations", "GET"),
        (menu_item_body.LIST, "/wp/v2/menu-items", "GET"),
        (menu_item_body.CREATE, "/wp/v2/menu-items", "POST"),
        (menu_item_body.ITEM, ITEM_ID, "GET"),
        (menu_item_body.CHANGE, ITEM_ID, "PUT"),
        (menu_item_body.DELETE, ITEM_ID, "DELETE"),
    ],
)
def test_arguments_are_those_of_wordpress(table, route, method):
    assert differences(table, route, method) == []


@pytest.fixture
async def site(cms):
    """An administrator, a published post, a draft and a category to point to."""
    return await Site.made(cms)


class Site:
    """A menu in the making, by its administrator."""

    @classmethod
    async def made(cls, cms):
        self = cls()
        self.cms, self.admin = cms, await cms.person("dona.marina", ["administrator"])
        self.live = await cms.draft(self.admin, title="Dor & febre", status="publish")
        self.draft = await cms.draft(self.admin, title="Ainda secreto")
        made = await self.admin.post(f"{V2}/categories", {"name": "Febre"})
        self.category = made.json()["id"]
        return self

    async def menu(self, **changes):
        made = await self.admin.post(f"{V2}/menus", {"name": "Principal", **changes})
        assert made.status_code == 201, made.text
        return made.json()

    async def item(self, **changes):
        made = await self.admin.post(f"{V2}/menu-items", changes)
        assert made.status_code == 201, made.text
        return made.json()

    async def link(self, **changes):
        return await self.item(**{"title": "Sobre", "url": "/sobre", **changes})

    async def open_menus(self):
        async with self.cms.as_system() as work:
            await options.change(work, {"public_menus": True})
            work.afterwards(self.cms.host.tenants.forget)


async def test_a_menu_is_made_read_changed_and_deleted(site):
    made = await site.menu(description="No topo", locations=["primary"], auto_add=True)
    assert list(made) == [
        "id", "description", "name", "slug", "meta", "locations", "auto_add", "_links",
    ]  # fmt: skip
    assert made["slug"] == "principal"
    assert (made["locations"], made["auto_add"], made["meta"]) == (["primary"], True, [])
    own = f"{V2}/menus/{made['id']}"
    assert (await site.admin.get(own)).json() == made
    assert (await site.admin.get(f"{V2}/menus")).json() == [made]
    changed = await site.admin.post(own, {"name": "Rodapé", "locations": ["footer"]})
    assert changed.json()["locations"] == ["footer"]
    assert changed.json()["slug"] == "principal", "an address stays"
    kept = await site.admin.delete(own)
    assert (kept.status_code, kept.json()["code"]) == (501, "rest_trash_not_supported")
    gone = await site.admin.delete(f"{own}?force=true")
    assert gone.json()["deleted"] is True
    assert gone.json()["previous"]["name"] == "Rodapé"
    assert (await site.admin.get(own)).json()["code"] == "rest_term_invalid"


async def test_the_fields_of_each_context_are_those_of_wordpress(site):
    menu = await site.menu(locations=["primary"])
    item = await site.item(menus=menu["id"], type="post_type", object_id=site.live["id"])
    own = {
        "wp_v2_menus_1": f"{V2}/menus/{menu['id']}",
        "wp_v2_menu-items_1": f"{V2}/menu-items/{item['id']}",
        "wp_v2_menu-locations": f"{V2}/menu-locations/primary",
    }
    for schema, address in own.items():
        for context in ("view", "edit", "embed"):
            body = (await site.admin.get(f"{address}?context={context}")).json()
            wanted = set(fields(schema, context))
            assert flat(body, deep=frozenset({"title"})) == wanted, (schema, context)


async def test_an_item_leads_to_the_current_address_of_its_post(site):
    menu = await site.menu()
    item = await site.item(menus=menu["id"], type="post_type", object_id=site.live["id"])
    assert list(item) == [
        "id", "title", "status", "url", "attr_title", "description", "type", "type_label",
        "object", "object_id", "parent", "menu_order", "target", "classes", "xfn", "invalid",
        "meta", "menus", "_links",
    ]  # fmt: skip
    assert item["title"] == {"raw": "Dor & febre", "rendered": "Dor &#038; febre"}
    assert (item["type_label"], item["object"], item["invalid"]) == ("Post", "post", False)
    assert (item["classes"], item["xfn"], item["meta"]) == ([""], [""], [])
    assert item["url"] == site.live["link"]
    assert item["_links"]["wp:menu-item-object"] == [
        {
            "post_type": "post",
            "embeddable": True,
            "href": f"http://clinica.example{V2}/posts/{site.live['id']}",
        }
    ]
    await site.admin.post(f"{V2}/posts/{site.live['id']}", {"slug": "dor-e-febre"})
    again = (await site.admin.get(f"{V2}/menu-items/{item['id']}")).json()
    assert again["url"] == "http://clinica.example/dor-e-febre/"


async def test_an_item_of_what_is_not_public_tells_nothing_of_it(site):
    item = await site.item(type="post_type", object_id=site.draft["id"])
    assert (item["invalid"], item["url"]) == (True, "")
    assert "secreto" not in str(item)
    assert "wp:menu-item-object" not in item["_links"]
    live = await site.item(type="post_type", object_id=site.live["id"])
    await site.admin.delete(f"{V2}/posts/{site.live['id']}")
    binned = (await site.admin.get(f"{V2}/menu-items/{live['id']}")).json()
    assert (binned["invalid"], binned["url"]) == (True, "")
    assert "febre" not in str(binned)


async def test_items_of_every_kind(site):
    term = await site.item(type="taxonomy", object_id=site.category)
    assert (term["object"], term["type_label"]) == ("category", "Category")
    assert term["url"] == "http://clinica.example/category/febre/"
    await site.admin.post(f"{V2}/categories/{site.category}", {"name": "Febre & dor"})
    named = (await site.admin.get(f"{V2}/menu-items/{term['id']}?context=edit")).json()["title"]
    assert named == {"raw": "Febre &amp; dor", "rendered": "Febre &amp; dor"}
    archive = await site.item(type="post_type_archive", object="post", title="Blog")
    assert (archive["type_label"], archive["url"]) == (
        "Post Type Archive",
        "http://clinica.example/",
    )
    own = await site.link(target="_blank", classes="a b<", xfn="me", description="d")
    assert (own["type"], own["object"], own["object_id"]) == ("custom", "custom", own["id"])
    assert (own["type_label"], own["classes"], own["xfn"]) == ("Custom Link", ["a", "b"], ["me"])


WRONG_ITEMS = [
    ({"title": "x"}, "rest_url_required"),
    ({"url": "/x"}, "rest_title_required"),
    ({"title": "x", "url": "javascript:alert(1)"}, "rest_invalid_url"),
    ({"type": "post_type", "object_id": 999999}, "rest_post_invalid_id"),
    ({"type": "taxonomy", "object_id": 999999}, "rest_term_invalid_id"),
    ({"type": "post_type_archive", "object": "nope"}, "rest_post_invalid_type"),
    ({"title": "x", "url": "/x", "menus": 999999}, "invalid_menu_id"),
    ({"title": "x", "url": "/x", "parent": 999999}, "rest_invalid_param"),
    ({"title": "x", "url": "/x", "type": "zz"}, "rest_invalid_param"),
    ({"title": "x", "url": "/x", "id": 7}, "rest_post_exists"),
]


async def test_a_wrong_item_is_refused_by_name(site):
    for body, code in WRONG_ITEMS:
        refused = await site.admin.post(f"{V2}/menu-items", body)
        assert (refused.status_code, refused.json()["code"]) == (400, code), (body, refused.text)
        assert (await site.admin.get(f"{V2}/menu-items")).json() == [], body


async def test_two_menus_have_two_names_and_unknown_places_are_refused(site):
    menu = await site.menu()
    again = await site.admin.post(f"{V2}/menus", {"name": "Principal"})
    assert again.status_code == 400
    assert again.json()["code"] == "menu_exists"
    assert again.json()["data"] == {"status": 400, "term_id": menu["id"]}
    nowhere = await site.admin.post(f"{V2}/menus", {"name": "Outro", "locations": ["attic"]})
    assert nowhere.json()["data"]["details"]["locations"] == {
        "code": "rest_invalid_menu_location",
        "message": "Invalid menu location.",
        "data": {"location": "attic"},
    }


async def test_a_place_shows_one_menu(site):
    first = await site.menu(locations=["primary", "footer"])
    second = await site.menu(name="Outro", locations=["primary"])
    listed = (await site.admin.get(f"{V2}/menu-locations")).json()
    assert {name: one["menu"] for name, one in listed.items()} == {
        "primary": second["id"],
        "footer": first["id"],
    }
    assert list(listed["primary"]) == ["name", "description", "menu", "_links"]
    missing = await site.admin.get(f"{V2}/menu-locations/attic")
    assert (missing.status_code, missing.json()["code"]) == (404, "rest_menu_location_invalid")
    await site.admin.delete(f"{V2}/menus/{second['id']}?force=true")
    assert (await site.admin.get(f"{V2}/menu-locations/primary")).json()["menu"] == 0


async def test_items_are_listed_in_their_order_and_found_by_menu(site):
    menu, other = await site.menu(), await site.menu(name="Outro")
    late = await site.link(menus=menu["id"], menu_order=2, title="Depois")
    early = await site.link(menus=menu["id"], menu_order=1, title="Antes")
    stray = await site.link(menus=other["id"], status="draft")

    async def found(query):
        return [one["id"] for one in (await site.admin.get(f"{V2}/menu-items?{query}")).json()]

    assert await found(f"menus={menu['id']}") == [early["id"], late["id"]]
    assert await found(f"menus[terms]={menu['id']}&order=desc") == [late["id"], early["id"]]
    assert await found(f"menus_exclude={menu['id']}&status=any") == [stray["id"]]
    assert await found("search=depo") == [late["id"]]
    assert await found("orderby=title") == [early["id"], late["id"]]
    own = (await site.admin.get(f"{V2}/menus?post={early['id']}")).json()
    assert [one["id"] for one in own] == [menu["id"]]


async def test_items_hang_together_and_stay_so(site):
    menu, other = await site.menu(), await site.menu(name="Outro")
    top = await site.link(menus=menu["id"])
    middle = await site.link(menus=menu["id"], parent=top["id"])
    low = await site.link(menus=menu["id"], parent=middle["id"])
    circle = await site.admin.post(f"{V2}/menu-items/{top['id']}", {"parent": low["id"]})
    assert list(circle.json()["data"]["params"]) == ["parent"]
    moved = {"menus": other["id"], "parent": 0}
    assert (await site.admin.post(f"{V2}/menu-items/{middle['id']}", moved)).status_code == 200
    there = (await site.admin.get(f"{V2}/menu-items?menus={other['id']}")).json()
    assert {one["id"]: one["parent"] for one in there} == {middle["id"]: 0, low["id"]: middle["id"]}
    gone = await site.admin.delete(f"{V2}/menu-items/{middle['id']}?force=true")
    assert gone.json()["previous"]["id"] == middle["id"]
    assert (await site.admin.get(f"{V2}/menu-items/{low['id']}")).json()["parent"] == 0


async def test_who_may_do_what(site):
    menu = await site.menu()
    item = await site.link(menus=menu["id"])
    draft = await site.link(status="draft")
    own = f"{V2}/menu-items/{item['id']}"
    reads = [f"{V2}/menus", f"{V2}/menus/{menu['id']}", f"{V2}/menu-items", own]
    for role in ROLES:
        person = await site.cms.person(f"o.{role}", [role])
        wanted = 403 if role == "subscriber" else 200
        for address in reads:
            assert (await person.get(address)).status_code == wanted, (role, address)
        is_admin = role == "administrator"
        for address in reads:
            answer = await person.get(f"{address}?context=edit")
            assert answer.status_code == (200 if is_admin else 403), (role, address)
        seen = await person.get(f"{V2}/menu-items/{draft['id']}")
        assert seen.status_code == (200 if is_admin else 403)
        for address, code in (
            (f"{V2}/menus", "rest_cannot_create"),
            (f"{V2}/menu-items", "rest_cannot_create"),
            (f"{V2}/menus/{menu['id']}", "rest_cannot_update"),
            (own, "rest_cannot_edit"),
        ):
            body = {"name": f"Meu {address}", "title": "t", "url": "/u"}
            written = await person.post(address, body)
            if is_admin:
                assert written.status_code < 300, written.text
            else:
                assert (written.status_code, written.json()["code"]) == (403, code)
        allow = (await person.get(reads[0])).headers.get("allow")
        if role != "subscriber":
            assert allow == ("GET, POST" if is_admin else "GET")


async def test_strangers_are_told_what_wordpress_tells_them(site):
    probes = {probe["request"]: probe for probe in MEASURED.get("probes", [])}
    wanted = {
        "menus anon": ("menus", "rest_cannot_view", "view menus."),
        "menu-locations anon": ("menu-locations", "rest_cannot_view", "view menu locations."),
        "items": ("menu-items", "rest_cannot_view", "view menu items."),
    }
    for name, (base, code, words) in wanted.items():
        answer = await site.cms.http.get(f"{V2}/{base}")
        body = {
            "code": code,
            "message": f"Sorry, you are not allowed to {words}",
            "data": {"status": 401},
        }
        assert (answer.status_code, answer.json()) == (401, body)
        if name in probes:
            assert probes[name]["body"] == body
    menu = await site.menu()
    for method, path, code in (
        ("POST", "menus", "rest_cannot_create"),
        ("POST", f"menus/{menu['id']}", "rest_cannot_update"),
        ("DELETE", f"menus/{menu['id']}?force=true", "rest_cannot_delete"),
        ("POST", "menu-items", "rest_cannot_create"),
        ("PUT", "menu-items/7", "rest_cannot_edit"),
        ("DELETE", "menu-items/7", "rest_cannot_delete"),
    ):
        refused = await site.cms.http.request(method, f"{V2}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (401, code), path


async def test_a_site_may_open_the_menus_that_it_shows(site):
    shown = await site.menu(locations=["primary"])
    hidden = await site.menu(name="Rascunho do topo")
    item = await site.link(menus=shown["id"])
    secret = await site.link(menus=hidden["id"])
    draft = await site.link(menus=shown["id"], status="draft")
    await site.open_menus()
    http = site.cms.http
    assert [one["id"] for one in (await http.get(f"{V2}/menus")).json()] == [shown["id"]]
    assert [one["id"] for one in (await http.get(f"{V2}/menu-items")).json()] == [item["id"]]
    assert (await http.get(f"{V2}/menu-locations/primary")).json()["menu"] == shown["id"]
    statuses = {
        f"menus/{shown['id']}": 200,
        f"menus/{hidden['id']}": 401,
        f"menu-items/{item['id']}": 200,
        f"menu-items/{secret['id']}": 404,
        f"menu-items/{draft['id']}": 401,
        "menu-items?status=draft": 400,
        "menus?context=edit": 401,
    }
    for path, status in statuses.items():
        assert (await http.get(f"{V2}/{path}")).status_code == status, path


async def test_autosaves_of_items_are_empty(site):
    item = await site.link()
    base = f"{V2}/menu-items/{item['id']}/autosaves"
    assert (await site.admin.get(base)).json() == []
    assert (await site.admin.get(f"{base}/7")).json()["code"] == "rest_post_no_autosave"
    assert (await site.admin.post(base, {"title": "x"})).status_code == 501
    editor = await site.cms.person("ed", ["editor"])
    assert (await editor.get(base)).json()["code"] == "rest_cannot_read"
    missing = await site.admin.get(f"{V2}/menu-items/999999/autosaves")
    assert missing.json()["code"] == "rest_post_invalid_parent"


async def test_a_long_menu_costs_as_much_as_a_short_one(site):
    menu = await site.menu(locations=["primary"])
    await site.open_menus()
    async with site.cms.as_system() as work:
        for number in range(100):
            kind = ("post_type", site.live["id"]) if number % 2 else ("taxonomy", site.category)
            wanted = {"kind": kind[0], "object_id": kind[1], "menu_id": menu["id"]}
            await items.create(work, {**wanted, "position": number + 1})
    for address in (f"{V2}/menu-items?menus={menu['id']}", "/api/v1/menus/primary"):
        await site.cms.http.get(address)
        with counted(site.cms.host) as statements:
            answer = await site.cms.http.get(address)
        found = answer.json()
        assert len(found if isinstance(found, list) else found["items"]) == 100
        assert len(statements) <= 4, str(statements)


async def test_the_two_sites_do_not_meet(site):
    menu = await site.menu(locations=["primary"])
    item = await site.link(menus=menu["id"])
    async with site.cms.other() as other:
        admin = await other.person("dona.outra", ["administrator"])
        assert (await admin.get(f"{V2}/menus")).json() == []
        assert (await admin.get(f"{V2}/menu-items/{item['id']}")).status_code == 404
        assert (await admin.get(f"{V2}/menu-locations/primary")).json()["menu"] == 0
        refused = await admin.post(
            f"{V2}/menu-items", {"title": "x", "url": "/", "menus": menu["id"]}
        )
        assert refused.json()["code"] == "invalid_menu_id"
