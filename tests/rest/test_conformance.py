"""Methods, arguments and fields of every route that WordPress 6.1.9 has, compared with the facts.

What differs on purpose stands here with its reason; so does what is not there yet. Both lists are
exact: an entry that is no longer true fails, as does a difference that has none."""

import re
from functools import cache

from litestar import Litestar
from litestar.di import Provide

from cms.app import provide_secret, provide_work
from cms.host import build_registry
from cms.rest.description import routes_of, schema_of
from cms.rest.routes import wordpress_router
from cms.settings import Settings
from tests.support.wordpress import LINKS, ROUTES, fields

# What stands in an address where a number would not do.
FOR_PLACE = {"type": "post"}

ID, PARENT = r"(?P<id>[\d]+)", r"(?P<parent>[\d]+)"

# A site of this product has no block themes, no site editor and no code that is edited from afar;
# the types and taxonomies of the measured site were its own.
NOT_OURS = (
    "/wp/v2/albums", "/wp/v2/bands", "/wp/v2/genres", "/wp-block-editor/", "/wp-site-health/",
    "/wp/v2/block-directory/", "/wp/v2/block-patterns/", "/wp/v2/block-renderer/",
    "/wp/v2/global-styles/", "/wp/v2/pattern-directory/", "/wp/v2/templates",
    "/wp/v2/template-parts", "/wp-block-editor/v1", "/wp-site-health/v1",
)  # fmt: skip

# Resources whose routes are being made; a prefix goes when its first route is there.
NOT_YET = (
    "/oembed/1.0", "/wp/v2/block-types", "/wp/v2/blocks", "/wp/v2/comments", "/wp/v2/media",
    "/wp/v2/menu-items", "/wp/v2/menu-locations", "/wp/v2/menus", "/wp/v2/navigation",
    "/wp/v2/pages", "/wp/v2/plugins", "/wp/v2/search", "/wp/v2/settings", "/wp/v2/sidebars",
    "/wp/v2/statuses", "/wp/v2/tags", "/wp/v2/taxonomies", "/wp/v2/themes", "/wp/v2/widget-types",
    "/wp/v2/widgets",
)  # fmt: skip

# (route, method) that are missing although their resource is there.
MISSING = {
    (rf"/wp/v2/posts/{ID}/autosaves", "GET"),
    (rf"/wp/v2/posts/{ID}/autosaves", "POST"),
    (rf"/wp/v2/posts/{PARENT}/autosaves/{ID}", "GET"),
    (rf"/wp/v2/posts/{PARENT}/revisions/{ID}", "DELETE"),
    (rf"/wp/v2/categories/{ID}", "POST"),
    (rf"/wp/v2/categories/{ID}", "PUT"),
    (rf"/wp/v2/categories/{ID}", "PATCH"),
    (rf"/wp/v2/categories/{ID}", "DELETE"),
    ("/wp/v2/users", "GET"),
    ("/wp/v2/users", "POST"),
    *((rf"/wp/v2/users/{ID}", method) for method in ("POST", "PUT", "PATCH", "DELETE")),
    *(("/wp/v2/users/me", method) for method in ("POST", "PUT", "PATCH", "DELETE")),
    *(
        (route, method)
        for route, endpoints in ROUTES.items()
        if "/application-passwords" in route
        for endpoint in endpoints
        for method in endpoint["methods"]
    ),
}

POST, REVISIONS = rf"/wp/v2/posts/{ID}", rf"/wp/v2/posts/{PARENT}/revisions"

# Arguments that differ: (route, argument, aspect) -> why.
ON_PURPOSE = {
    ("/wp/v2/posts", "author", "minimum"): "nobody has the number 0",
    (POST, "author", "minimum"): "nobody has the number 0",
    ("/wp/v2/posts", "offset", "minimum"): "WordPress answers 500 to a negative one",
    ("/wp/v2/posts", "status", "default"): "a list, as its type says",
    ("/wp/v2/categories", "post", "type"): "null, its own default, fits its type",
    (REVISIONS, "per_page", "default"): "WordPress reads all of them at once",
}

# Arguments of features that are being made.
TO_COME = {
    ("/wp/v2/categories", "meta", "missing"),
    ("/wp/v2/categories", "orderby", "enum"),
    ("/wp/v2/posts", "categories", "items"),
    ("/wp/v2/posts", "categories", "type"),
    ("/wp/v2/posts", "categories_exclude", "items"),
    ("/wp/v2/posts", "categories_exclude", "type"),
    ("/wp/v2/posts", "tags_exclude", "missing"),
    ("/wp/v2/posts", "tax_relation", "missing"),
    *((route, name, "missing") for route in ("/wp/v2/posts", POST) for name in ("format", "tags")),
    *(
        (REVISIONS, name, "missing")
        for name in ("exclude", "include", "offset", "order", "orderby", "search")
    ),
}

# Fields that differ: (schema, field) -> why.
FIELDS_ON_PURPOSE = {
    **{
        ("wp_v2_users_me", f"avatar_urls.{size}"): "no avatar service is asked"
        for size in (24, 48, 96)
    },
    **{
        ("wp_v2_users_me", f"meta.persisted_preferences{field}"): "of WordPress's own editor"
        for field in ("", "._modified")
    },
}
FIELDS_TO_COME = {("wp_v2_posts", "format"), ("wp_v2_posts", "tags")}

_ASPECTS = ("type", "default", "enum", "minimum", "maximum", "format", "items", "required")
_MISSING = object()


@cache
def ours():
    """Our routes by WordPress's address."""
    application = Litestar(
        [wordpress_router(build_registry(Settings()))],
        dependencies={"work": Provide(provide_work), "secret": Provide(provide_secret)},
        openapi_config=None,
    )
    return routes_of(application.routes)


def expected():
    for route, endpoints in ROUTES.items():
        if not route.startswith(NOT_OURS + NOT_YET):
            for endpoint in endpoints:
                for method in endpoint["methods"]:
                    yield route, method, endpoint["args"]


def present():
    return [one for one in expected() if (one[0], one[1]) not in MISSING]


def test_every_method_of_every_route_is_there():
    there = {(path, method) for path, route in ours().items() for method in route.methods}
    wanted = {(route, method) for route, method, _ in expected()}
    assert wanted - there == MISSING


def test_what_is_said_to_be_missing_altogether_is():
    there = [p for p in NOT_YET if any(path.startswith(p) for path in ours())]
    assert there == [], "these have come: take them out of NOT_YET and compare"


def differences(route, theirs, mine):
    for name, wanted in theirs.items():
        if name not in mine:
            yield (route, name, "missing")
            continue
        for aspect in _ASPECTS:
            ours_, theirs_ = mine[name].get(aspect, _MISSING), wanted.get(aspect, _MISSING)
            if aspect == "items" and _MISSING not in (ours_, theirs_):
                ours_, theirs_ = ours_.get("type"), theirs_.get("type")
            if ours_ != theirs_:
                yield (route, name, aspect)


def found_differences():
    found = set()
    for route, method, theirs in present():
        [mine] = [e["args"] for e in ours()[route].endpoints() if method in e["methods"]]
        found |= set(differences(route, theirs, mine))
    return found


def test_arguments_are_wordpress_but_for_reasoned_differences():
    assert found_differences() == set(ON_PURPOSE) | TO_COME


SCHEMAS = {
    "wp_v2_posts": "/wp/v2/posts",
    "wp_v2_categories": "/wp/v2/categories",
    "wp_v2_users_me": "/wp/v2/users/me",
    "wp_v2_types": "/wp/v2/types",
}


def flattened(properties, prefix=""):
    """Our schema as the facts have it: one level of dots."""
    result = {}
    for name, one in properties.items():
        result[prefix + name] = one
        if isinstance(one.get("properties"), dict) and not prefix:
            result |= flattened(one["properties"], f"{name}.")
    return result


def field_differences():
    for known, route in SCHEMAS.items():
        mine = flattened(schema_of(ours()[route].schema)["properties"])
        for context in ("view", "edit", "embed"):
            wanted = fields(known, context)
            shown = {n for n, one in mine.items() if context in one.get("context", [context])}
            for name in set(wanted) ^ shown:
                yield (known, name)
            for name in set(wanted) & shown:
                for aspect in ("type", "format", "readonly"):
                    if mine[name].get(aspect) != wanted[name].get(aspect):
                        yield (known, name)


def test_fields_are_wordpress_by_context_but_for_reasoned_differences():
    assert set(field_differences()) == set(FIELDS_ON_PURPOSE) | FIELDS_TO_COME


def test_a_post_names_what_may_be_done_with_it():
    """Nobody may store unfiltered HTML; tags are to come."""
    theirs = {one["rel"] for one in LINKS["wp_v2_posts"]}
    mine = {one["rel"] for one in ours()["/wp/v2/posts"].schema["links"]}
    missing = {rel.removeprefix("https://api.w.org/action-") for rel in theirs - mine}
    assert missing == {"unfiltered-html", "assign-tags", "create-tags"}
    assert mine <= theirs


async def test_options_tell_what_an_address_accepts_and_gives(cms):
    ana = await cms.person("ana.autora")
    made = await cms.draft(ana, status="publish")
    seen = (await cms.http.options("/wp-json/wp/v2/posts")).json()
    assert list(seen) == ["namespace", "methods", "endpoints", "schema", "_links"]
    assert (seen["namespace"], seen["methods"]) == ("wp/v2", ["GET", "POST"])
    assert [one["methods"] for one in seen["endpoints"]] == [["GET"], ["POST"]]
    assert seen["endpoints"][1]["args"]["title"]["type"] == "object"
    assert seen["schema"]["title"] == "post"
    own = "http://clinica.example/wp-json/wp/v2/posts/{id}"
    assert {link["href"] for link in seen["schema"]["links"]} == {own}
    assert seen["_links"]["self"] == [{"href": "http://clinica.example/wp-json/wp/v2/posts"}]
    path = f"/wp-json/wp/v2/posts/{made['id']}"
    item = await cms.http.options(path)
    assert [e["methods"] for e in item.json()["endpoints"]] == [
        ["GET"], ["POST", "PUT", "PATCH"], ["DELETE"],
    ]  # fmt: skip
    assert "_links" not in item.json()
    assert item.headers["Allow"] == "GET"
    own = await cms.http.options(path, headers=ana.bearer)
    assert own.headers["Allow"] == "GET, POST, PUT, PATCH, DELETE"


async def test_who_creates_something_is_told_where_the_api_is(cms):
    ana = await cms.person("ana.autora")
    made = await ana.post("/wp-json/wp/v2/posts", {"title": "x"})
    assert made.headers["Link"] == '<http://clinica.example/wp-json/>; rel="https://api.w.org/"'
    door = await cms.http.get("/")
    assert door.headers["Link"] == made.headers["Link"]


async def test_every_address_can_be_asked_for_its_options(cms):
    for route in ours():
        path = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda place: FOR_PLACE.get(place[1], "1"), route)
        answer = await cms.http.options(f"/wp-json{path}")
        assert answer.status_code == 200, (route, answer.text)
        assert answer.json()["methods"], route


async def test_the_index_describes_what_options_describe(cms):
    index = (await cms.http.get("/wp-json/")).json()
    assert list(index) == [
        "name", "description", "url", "home", "gmt_offset", "timezone_string", "namespaces",
        "authentication", "routes", "site_logo", "site_icon", "site_icon_url", "_links",
    ]  # fmt: skip
    options = (await cms.http.options("/wp-json/wp/v2/posts")).json()
    options.pop("schema")
    assert index["routes"]["/wp/v2/posts"] == options
    authorize = "http://clinica.example/wp-admin/authorize-application.php"
    told = index["authentication"]["application-passwords"]["endpoints"]["authorization"]
    assert told == authorize
    namespace = (await cms.http.get("/wp-json/wp/v2")).json()
    assert list(namespace) == ["namespace", "routes", "_links"]
    assert namespace["_links"] == {"up": [{"href": "http://clinica.example/wp-json/"}]}
    of_v2 = {path for path in index["routes"] if path.startswith("/wp/v2")}
    assert set(namespace["routes"]) == of_v2
