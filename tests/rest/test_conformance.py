"""Methods, arguments and fields of every route that WordPress 6.1.9 has, compared with the facts.

What differs on purpose stands here with its reason; so does what is not there yet. Both lists are
exact: an entry that is no longer true fails, as does a difference that has none."""

import re
from functools import cache

from litestar import Litestar
from litestar.di import Provide

from cms.api.entering import provide_secret, provide_work
from cms.host import build_registry
from cms.rest.description import _GROUP, routes_of, schema_of
from cms.rest.routes import wordpress_router
from cms.settings import Settings
from tests.support.wordpress import LINKS, ROUTES, SCHEMAS, fields

# What stands in an address where a number would not do.
FOR_PLACE = {"type": "post"}

# The types and taxonomies of the measured site were its own.
NOT_OURS = ("/wp/v2/albums", "/wp/v2/bands", "/wp/v2/genres")

# Answered by the route of the template or style itself, whose place takes the rest of the path.
WITHIN = re.compile(
    r"/wp/v2/template(?:s|-parts)/.*/(?:autosaves|revisions)|/wp/v2/global-styles/.*/variations"
)

_SETTING = "null resets a setting, as the description of its type says"
_BOUND = "what the database cannot keep, or makes no sense, is refused by name"
_NUMBER = "nobody has the number 0"
_EDITOR = "of the site editor, whose routes only refuse"

# Arguments that differ: (argument, aspect) -> why.
ON_PURPOSE = {
    **dict.fromkeys(
        [
            (name, "type")
            for name in (
                "date_format",
                "default_category",
                "default_comment_status",
                "default_ping_status",
                "default_post_format",
                "description",
                "email",
                "language",
                "page_for_posts",
                "page_on_front",
                "posts_per_page",
                "show_on_front",
                "site_icon",
                "site_logo",
                "start_of_week",
                "time_format",
                "timezone",
                "url",
                "use_smilies",
            )
        ],
        _SETTING,
    ),
    **dict.fromkeys(
        [
            ("default_category", "minimum"),
            ("menu_order", "maximum"),
            ("menu_order", "minimum"),
            ("page_for_posts", "minimum"),
            ("page_on_front", "minimum"),
            ("posts_per_page", "maximum"),
            ("posts_per_page", "minimum"),
            ("site_icon", "minimum"),
            ("site_logo", "minimum"),
            ("start_of_week", "maximum"),
            ("start_of_week", "minimum"),
            ("menus", "minimum"),
        ],
        _BOUND,
    ),
    **dict.fromkeys([("author", "minimum"), ("parent", "minimum"), ("post", "minimum")], _NUMBER),
    **dict.fromkeys(
        [
            ("area", "missing"),
            ("attributes", "default"),
            ("content", "default"),
            ("content", "type"),
            ("title", "default"),
            ("slug", "items"),
        ],
        _EDITOR,
    ),
    ("offset", "minimum"): "WordPress answers 500 to a negative one",
    ("status", "default"): "a list, as its type says",
    ("post", "type"): "null, its own default, fits its type",
    ("title", "type"): "text, or an object with `raw`",
    ("author_email", "type"): "empty for a comment of somebody who is signed in",
    ("id", "required"): "it stands in the address",
    ("locale", "enum"): "the languages of this product",
    ("media_type", "default"): "none",
    ("mime_type", "default"): "none",
    ("menus", "items"): "numbers, in an array or a list with commas",
    ("menus_exclude", "items"): "numbers, in an array or a list with commas",
    ("meta", "missing"): "no meta is registered for media",
    ("parent", "missing"): "an autosave of a menu item is refused",
    ("reassign", "type"): "empty or false keeps what the person wrote where it is",
    ("sidebar", "required"): "it has a default",
}

# Fields that differ: the beginning of (schema, field) -> why.
FIELDS_ON_PURPOSE = {
    ("wp_v2_users_me", "meta.persisted_preferences."): "of WordPress's own editor",
    ("wp_v2_users", "meta.persisted_preferences."): "of WordPress's own editor",
    ("wp_v2_block-types", "example."): "we keep no examples",
    ("wp_v2_themes", "theme_supports."): "the one theme supports none of them",
    ("wp_v2_widgets", "instance."): "is described as an object, without its keys",
    ("wp_v2_settings", ""): _SETTING,
    ("wp_v2_media", "focal_point"): "the point that crops keep",
    **{(f"wp_v2_{one}", "cms_schedule"): "when a post is published, and what refused it"
       for one in ("posts", "pages", "blocks", "navigation")},
    **{(f"wp_v2_{one}", name): "have no address of their own"
       for one in ("blocks", "navigation") for name in ("generated_slug", "permalink_template")},
    **{(f"wp_v2_{one}", name): "described as those of posts; what is shown is WordPress's"
       for one in ("blocks", "blocks_1_autosaves") for name in ("content.", "title.")},
}  # fmt: skip

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
        if not route.startswith(NOT_OURS) and not WITHIN.match(route):
            for endpoint in endpoints:
                for method in endpoint["methods"]:
                    yield route, method, endpoint["args"]


def test_every_method_of_every_route_is_there():
    there = {(path, method) for path, route in ours().items() for method in route.methods}
    wanted = {(route, method) for route, method, _ in expected()}
    assert wanted - there == set()


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
    for route, method, theirs in expected():
        [mine] = [e["args"] for e in ours()[route].endpoints() if method in e["methods"]]
        found |= {(name, aspect) for _, name, aspect in differences(route, theirs, mine)}
    return found


def test_arguments_are_wordpress_but_for_reasoned_differences():
    assert found_differences() == set(ON_PURPOSE)


def schemas():
    """The known schemas by our route of the same name."""
    for known in SCHEMAS:
        name = known.removeprefix("wp_v2_").replace("_1_", "/(?P<id>[\\d]+)/")
        route = ours().get(f"/wp/v2/{name.replace('users_me', 'users/me')}")
        if route is not None and route.schema:
            yield known, route


def flattened(properties, prefix=""):
    """Our schema as the facts have it: one level of dots."""
    result = {}
    for name, one in properties.items():
        result[prefix + name] = one
        if isinstance(one.get("properties"), dict) and not prefix:
            result |= flattened(one["properties"], f"{name}.")
    return result


def field_differences():
    for known, route in schemas():
        mine = flattened(schema_of(route.schema)["properties"])
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
    found = set(field_differences())
    reasoned = {
        (schema, name): [f for f in found if f[0] == schema and f[1].startswith(name)]
        for schema, name in FIELDS_ON_PURPOSE
    }
    assert found - {f for fields in reasoned.values() for f in fields} == set()
    assert [reason for reason, fields in reasoned.items() if not fields] == []


def test_nearly_every_schema_is_compared():
    """Those without one here are of the site editor, or of an autosave that is refused."""
    assert len(list(schemas())) >= 28


def test_a_post_names_what_may_be_done_with_it():
    theirs = {one["rel"] for one in LINKS["wp_v2_posts"]}
    mine = {one["rel"] for one in ours()["/wp/v2/posts"].schema["links"]}
    assert mine == theirs


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
        path = _GROUP.sub(lambda place: FOR_PLACE.get(place[1], "1"), route)
        path = path.replace("block-renderer/1", "block-renderer/core/archives")
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
