"""The theme, plugins, kinds of blocks and the site editor, for each role."""

import pytest

from cms.rest import block_types, oembed, plugins, site_editor, themes
from tests.rest.test_wordpress_errors import MEASURED
from tests.support.parity import differences
from tests.support.wordpress import ROUTES, fields, flat

V2 = "/wp-json/wp/v2"
ROLES = ("subscriber", "contributor", "author", "editor", "administrator")
EDITORS = ROLES[1:]
ADMIN = ("administrator",)


def test_arguments_are_those_of_wordpress():
    plugin = "/wp/v2/plugins/(?P<plugin>[^.\\/]+(?:\\/[^.\\/]+)?)"
    template = (
        '/wp/v2/templates/(?P<id>([^\\/:<>\\*\\?"\\|]+(?:\\/[^\\/:<>\\*\\?"\\|]+)?)[\\/\\w-]+)'
    )
    styles = "/wp/v2/global-styles/(?P<id>[\\/\\w-]+)"
    kind = "/wp/v2/block-types/(?P<namespace>[a-zA-Z0-9_-]+)"
    render = "/wp/v2/block-renderer/(?P<name>[a-z0-9-]+/[a-z0-9-]+)"
    for table, route, method, in_path in (
        (themes.LIST, "/wp/v2/themes", "GET", ""),
        (plugins.LIST, "/wp/v2/plugins", "GET", ""),
        (plugins.CREATE, "/wp/v2/plugins", "POST", ""),
        (plugins.ITEM, plugin, "GET", "plugin"),
        (plugins.CHANGE, plugin, "PUT", "plugin"),
        (plugins.ITEM, plugin, "DELETE", "plugin"),
        (block_types.LIST, "/wp/v2/block-types", "GET", ""),
        (block_types.ITEM, kind, "GET", "namespace"),
        (block_types.RENDER, render, "GET", "name"),
        (site_editor.LIST, "/wp/v2/templates", "GET", ""),
        (site_editor.LIST, "/wp/v2/template-parts", "GET", ""),
        (site_editor.CREATE, "/wp/v2/templates", "POST", ""),
        (site_editor.LOOKUP, "/wp/v2/templates/lookup", "GET", ""),
        (site_editor.ITEM, template, "GET", "id"),
        (site_editor.CHANGE, template, "PUT", "id"),
        (site_editor.DELETE, template, "DELETE", "id"),
        (site_editor.STYLES, styles, "PUT", "id"),
        (site_editor.DIRECTORY, "/wp/v2/pattern-directory/patterns", "GET", ""),
        (site_editor.BLOCKS, "/wp/v2/block-directory/search", "GET", ""),
        (site_editor.URL, "/wp-block-editor/v1/url-details", "GET", ""),
        (oembed.EMBED, "/oembed/1.0/embed", "GET", ""),
        (oembed.PROXY, "/oembed/1.0/proxy", "GET", ""),
    ):
        assert differences(table, route, method, in_path=in_path) == [], route


# What each address answers to those who may, and the code for those who may not.
READS = {
    "/wp/v2/themes": (ADMIN, 200, "rest_cannot_view_themes"),
    "/wp/v2/themes?status=active": (EDITORS, 200, "rest_cannot_view_active_theme"),
    "/wp/v2/themes/default": (EDITORS, 200, "rest_cannot_view_active_theme"),
    "/wp/v2/themes/some/child": (ADMIN, 404, "rest_cannot_view_themes"),
    "/wp/v2/plugins": (ADMIN, 200, "rest_cannot_view_plugins"),
    "/wp/v2/plugins/audit_trail/audit_trail": (ADMIN, 200, "rest_cannot_view_plugin"),
    "/wp/v2/plugins/akismet/akismet": (ADMIN, 404, "rest_cannot_view_plugin"),
    "/wp/v2/block-types": (EDITORS, 200, "rest_block_type_cannot_view"),
    "/wp/v2/block-types/core": (EDITORS, 200, "rest_block_type_cannot_view"),
    "/wp/v2/block-types/core/paragraph": (EDITORS, 200, "rest_block_type_cannot_view"),
    "/wp/v2/block-types/core/nope": (EDITORS, 404, "rest_block_type_cannot_view"),
    "/wp/v2/block-patterns/patterns": (EDITORS, 200, "rest_cannot_view"),
    "/wp/v2/block-patterns/categories": (EDITORS, 200, "rest_cannot_view"),
    "/wp/v2/pattern-directory/patterns": (EDITORS, 200, "rest_pattern_directory_cannot_view"),
    "/wp/v2/block-directory/search?term=a": (ADMIN, 200, "rest_block_directory_cannot_view"),
    "/wp/v2/block-renderer/core/archives?context=edit": (EDITORS, 200, "block_cannot_read"),
    "/wp/v2/block-renderer/core/paragraph?context=edit": (EDITORS, 404, "block_cannot_read"),
    "/wp/v2/templates": (ADMIN, 200, "rest_cannot_manage_templates"),
    "/wp/v2/templates/lookup?slug=index": (ADMIN, 404, "rest_cannot_manage_templates"),
    "/wp/v2/templates/default//index": (ADMIN, 404, "rest_cannot_manage_templates"),
    "/wp/v2/template-parts": (ADMIN, 200, "rest_cannot_manage_templates"),
    "/wp/v2/global-styles/themes/default": (ADMIN, 200, "rest_cannot_manage_global_styles"),
    "/wp/v2/global-styles/themes/default/variations": (
        ADMIN,
        200,
        "rest_cannot_manage_global_styles",
    ),
    "/wp/v2/global-styles/themes/other": (ADMIN, 404, "rest_cannot_manage_global_styles"),
    "/wp-block-editor/v1/export": (ADMIN, 501, "rest_cannot_export_templates"),
    "/wp-block-editor/v1/url-details?url=http://x.example/": (
        EDITORS,
        404,
        "rest_cannot_view_url_details",
    ),
    **{
        f"/wp-site-health/v1/{name}": (ADMIN, 200, "rest_forbidden")
        for name in (
            "directory-sizes",
            "tests/authorization-header",
            "tests/background-updates",
            "tests/dotorg-communication",
            "tests/https-status",
            "tests/loopback-requests",
            "tests/page-cache",
        )
    },
}
WRITES = {
    ("POST", "/wp/v2/plugins"): (501, "rest_cannot_install_plugin"),
    ("PUT", "/wp/v2/plugins/audit_trail/audit_trail"): (501, "rest_cannot_manage_plugins"),
    ("DELETE", "/wp/v2/plugins/audit_trail/audit_trail"): (501, "rest_cannot_manage_plugins"),
    ("POST", "/wp/v2/templates"): (501, "rest_cannot_manage_templates"),
    ("PUT", "/wp/v2/templates/default//index"): (404, "rest_cannot_manage_templates"),
    ("DELETE", "/wp/v2/templates/default//index"): (404, "rest_cannot_manage_templates"),
    ("PUT", "/wp/v2/global-styles/7"): (404, "rest_cannot_manage_global_styles"),
}


async def test_who_reads_what(cms):
    people = {role: await cms.person(f"o.{role}", [role]) for role in ROLES}
    for path, (readers, status, code) in READS.items():
        stranger = await cms.http.get(f"/wp-json{path}")
        assert stranger.status_code == 401, path
        for role, person in people.items():
            answer = await person.get(f"/wp-json{path}")
            if role in readers:
                assert answer.status_code == status, (role, path, answer.text)
                continue
            told = answer.json()["code"]
            assert (answer.status_code, told) == (403, code), (role, path)


async def test_nothing_of_this_is_changed_through_rest(cms):
    plugin = {"slug": "akismet", "status": "inactive"}
    admin = await cms.person("dona.marina", ["administrator"])
    editor = await cms.person("ed", ["editor"])
    for (method, path), (status, code) in WRITES.items():
        address = f"/wp-json{path}"
        body = plugin if "plugins" in path else {"slug": "index"}
        codes = {code, "rest_cannot_manage_templates"} if "styles" in path else {code}
        stranger = await cms.http.request(method, address, json=body)
        assert (stranger.status_code, stranger.json()["code"] in codes) == (401, True), path
        answers = [
            await cms.http.request(method, address, json=body, headers=person.bearer)
            for person in (editor, admin)
        ]
        assert (answers[0].status_code, answers[0].json()["code"]) == (403, code), path
        assert answers[1].status_code == status, (path, answers[1].text)
    assert "CMS_ENABLED" in (await admin.post(f"{V2}/plugins", plugin)).json()["message"]
    still = {"status": "active"}
    kept = await admin.post(f"{V2}/plugins/audit_trail/audit_trail", still)
    assert kept.json()["status"] == "active", "asking for what is already so is no change"


@pytest.mark.parametrize(
    ("probe", "path"),
    [("themes anon", "themes"), ("plugins anon", "plugins"), ("templates anon", "templates"),
     ("block-types anon", "block-types")],
)  # fmt: skip
async def test_strangers_are_told_what_wordpress_tells_them(cms, probe, path):
    known = {one["request"]: one for one in MEASURED["probes"]}
    body = (await cms.http.get(f"{V2}/{path}")).json()
    if probe in known:
        assert body == known[probe]["body"]
    assert body["data"] == {"status": 401}


async def test_the_fields_are_those_of_wordpress(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    deep = frozenset({"description"})
    for context in ("view", "edit", "embed"):
        [*_, one] = (await admin.get(f"{V2}/plugins?context={context}")).json()
        wanted = set(fields("wp_v2_plugins", context))
        nested = {"description.raw", "description.rendered"}
        assert flat(one, deep=deep) == (wanted if context != "embed" else wanted - nested), context
    rich = frozenset({"author", "author_uri", "description", "name", "tags", "theme_uri"})
    theme = (await admin.get(f"{V2}/themes/default")).json()
    wanted = {name for name in fields("wp_v2_themes") if not name.startswith("theme_supports.")}
    assert flat(theme, deep=rich) == wanted
    supports = {
        name.removeprefix("theme_supports.")
        for name in fields("wp_v2_themes")
        if name.startswith("theme_supports.") and name.count(".") == 1
    }
    assert set(theme["theme_supports"]) == supports
    kind = (await admin.get(f"{V2}/block-types/core/heading")).json()
    wanted = {name for name in fields("wp_v2_block-types") if "." not in name}
    assert flat(kind) == wanted
    assert kind["attributes"]["level"] == {"type": "number", "default": 2}


async def test_the_revisions_of_no_template_have_no_parent(cms):
    for path in ("7/revisions", "7/revisions/8", "7/autosaves", "7/autosaves/8"):
        for base in ("templates", "template-parts"):
            answer = await cms.http.get(f"{V2}/{base}/{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "rest_post_invalid_parent")
    missing = await cms.http.get(f"{V2}/global-styles/7")
    assert missing.json()["code"] == "rest_global_styles_not_found"


async def test_a_block_is_drawn_for_those_who_may_edit_its_post(cms):
    author = await cms.person("ana.autora")
    made = await cms.draft(author)
    other = await cms.person("rui.autor")
    address = f"{V2}/block-renderer/core/archives?context=edit&post_id={made['id']}"
    assert list((await author.get(address)).json()) == ["rendered"]
    refused = await other.get(address)
    assert (refused.status_code, refused.json()["code"]) == (403, "block_cannot_read")
    assert refused.json()["message"].endswith("read blocks of this post.")
    posted = {"attributes": {"label": "--><script>x</script>"}, "context": "edit"}
    drawn = await author.post(f"{V2}/block-renderer/core/search", posted)
    assert drawn.status_code == 200
    assert "<script" not in drawn.text


def test_every_route_of_the_site_editor_is_there():
    """All of them answer; this list is that of WordPress."""
    known = [route for route in ROUTES if route.startswith(("/wp-site-health", "/wp-block-editor"))]
    ours = {path.partition("?")[0] for path in READS}
    namespaces = {"/wp-site-health/v1", "/wp-block-editor/v1"}
    assert set(known) - namespaces <= ours
