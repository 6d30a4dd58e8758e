"""Requests that change nothing: every route in scope, as everybody, with the usual arguments."""

from collections.abc import Iterator

from tests.wordpress.content import COMMENTS, ITEMS, PEOPLE, POSTS, TERMS
from tests.wordpress.site import Ask

EVERYBODY = ("", *PEOPLE)

_LISTS = (
    "posts", "pages", "media", "blocks", "navigation", "categories", "tags", "comments", "users",
    "menus", "menu-items", "types", "taxonomies", "statuses", "search", "menu-locations",
    "sidebars",
    "widgets", "settings", "users/me",
)  # fmt: skip
_ALONE = (
    *(f"{name.split('.')[0]}/{{{name}}}" for name in (*POSTS, *TERMS, *COMMENTS, *ITEMS)),
    "media/{media.photo}", "media/{media.leaflet}", "menus/{menus.main}",
    *(f"users/{{users.{person}}}" for person in PEOPLE),
    "types/post", "types/page", "types/attachment", "types/wp_block", "types/nenhum",
    "taxonomies/category", "taxonomies/post_tag", "taxonomies/nav_menu", "taxonomies/nenhuma",
    "statuses/publish", "statuses/draft", "statuses/trash", "statuses/nenhum",
    "menu-locations/primary", "menu-locations/nenhum", "sidebars/sidebar-1",
    "sidebars/wp_inactive_widgets", "posts/{posts.plain}/revisions",
    "pages/{pages.about}/revisions",
    "posts/{posts.plain}/autosaves", "posts/999999", "pages/{posts.plain}", "media/999999",
    "comments/999999", "categories/999999", "users/999999", "posts/abc", "nada",
    "users/me/application-passwords", "users/{users.author}/application-passwords",
    "users/me/application-passwords/introspect", "widget-types", "widget-types/text", "themes",
    "plugins",
    "block-types/core/paragraph", "templates", "template-parts", "pages/{pages.about}/autosaves",
)  # fmt: skip

# Lists of posts: what clients ask.
_OF_POSTS = (
    "per_page=2", "per_page=2&page=2", "per_page=2&page=99", "per_page=0", "per_page=101",
    "per_page=abc", "page=0", "offset=1", "offset=1&per_page=2", "order=asc", "order=up",
    "orderby=title", "orderby=title&order=asc", "orderby=slug&order=asc", "orderby=id&order=asc",
    "orderby=modified", "orderby=author", "orderby=relevance", "orderby=relevance&search=água",
    "orderby=include", "orderby=include&include={posts.plain},{posts.classic}", "orderby=nada",
    "search=água", "search=enxaqueca", "search=xyzzy", "slug=enxaqueca",
    "slug[]=enxaqueca&slug[]=agua",
    "slug=nada", "status=draft", "status=any", "status=publish,draft", "status=nada",
    "status=trash",
    "status=future", "status=private", "author={users.author}", "author_exclude={users.author}",
    "author=x", "include={posts.plain}", "include[]={posts.plain}&include[]={posts.blocks}",
    "exclude={posts.plain}", "categories={categories.neuro}", "categories=999999",
    "categories={categories.neuro},{categories.cardio}", "categories_exclude={categories.neuro}",
    "tags={tags.agua}", "tags[terms]={tags.agua},{tags.sal}&tags[operator]=AND",
    "tags={tags.sal}&categories={categories.neuro}&tax_relation=OR", "tax_relation=XOR",
    "tags={tags.sal}&categories={categories.neuro}&tax_relation=AND",
    "categories[terms]={categories.neuro}&categories[include_children]=true", "categories=x",
    "categories[terms]={categories.neuro}", "categories[operator]=AND", "tags_exclude={tags.agua}",
    "sticky=true", "sticky=false", "sticky=talvez", "after=2024-03-02T00:00:00",
    "before=2024-03-02T00:00:00", "after=2024-03-02", "after=ontem",
    "modified_after=2020-01-01T00:00:00",
    "modified_before=2020-01-01T00:00:00", "after=2024-03-01T08:00:00&before=2024-03-03T10:00:00",
    "context=embed", "context=edit", "context=nada", "_fields=id,title",
    "_fields=title.rendered,link",
    "_fields=nada", "_fields[]=id&_fields[]=slug", "_fields=id,_links", "_embed", "_embed=author",
    "_embed=author,wp:term", "_embed&_fields=id,_links,_embedded", "_envelope",
    "_envelope&per_page=2",
    "_jsonp=volta", "_jsonp=a%20b", "unknown=1", "per_page=100", "search=&per_page=1",
    "include=", "status[]=publish&status[]=draft", "_envelope&status=nada",
    "_fields=content.protected",
    "author={users.admin}&order=asc&per_page=1", "password=abracadabra", "per_page=-1", "page=1.5",
)  # fmt: skip
_OTHERS = {
    "pages": (
        "parent={pages.about}", "parent=0", "parent_exclude={pages.about}",
        "orderby=menu_order&order=asc",
        "orderby=parent", "menu_order=2", "_embed", "status=draft", "search=equipe", "slug=equipe",
        "context=edit",
    ),
    "media": (
        "media_type=image", "media_type=application", "media_type=nada", "mime_type=image/png",
        "parent=0",
        "search=saleiro", "orderby=date&order=asc", "context=edit", "_embed", "status=publish",
        "status=trash",
        "slug=foto", "per_page=1",
    ),
    "categories": (
        "hide_empty=true", "parent=0", "parent={categories.neuro}", "post={posts.blocks}",
        "post=999999",
        "orderby=count&order=desc", "orderby=slug", "orderby=id", "orderby=nada",
        "orderby=description", "search=neuro",
        "slug=neuro", "include={categories.neuro}", "exclude={categories.neuro}", "per_page=2",
        "per_page=2&page=2",
        "page=99", "context=edit", "context=embed", "_embed",
        "orderby=include&include={categories.neuro},{categories.cardio}",
        "orderby=term_group", "hide_empty=x", "_fields=name,count", "offset=1", "slug=neuro,vazia",
    ),
    "tags": ("offset=1", "post={posts.classic}", "hide_empty=1", "search=a", "orderby=count",
        "order=desc", "parent=0"),
    "comments": (
        "post={posts.classic}", "post=999999", "post={posts.draft}", "parent={comments.first}",
        "parent=0",
        "order=asc", "orderby=id", "orderby=post", "orderby=date&order=asc", "orderby=nada",
        "search=bom",
        "author={users.admin}", "author_exclude={users.admin}", "status=hold", "status=all",
        "status=spam",
        "status=approve", "type=comment", "type=pingback", "per_page=1", "per_page=1&page=2",
        "page=9", "offset=1",
        "include={comments.first}", "exclude={comments.first}", "context=edit", "context=embed",
        "_embed",
        "after=2024-03-10T10:30:00", "before=2024-03-10T10:30:00",
        "author_email=lia@leitores.example",
        "parent_exclude={comments.first}", "post={posts.protected}",
    ),
    "users": (
        "search=elisa", "roles=editor", "roles=nada", "capabilities=edit_posts", "who=authors",
        "orderby=id",
        "orderby=registered_date", "orderby=email", "orderby=slug", "order=desc",
        "slug=perfil-admin",
        "include={users.admin}", "exclude={users.admin}", "context=edit", "context=embed",
        "per_page=1", "per_page=2&page=2",
        "has_published_posts=true", "has_published_posts=post", "offset=1", "_fields=id,name",
        "page=9", "orderby=nada",
    ),
    "search": (
        "search=água", "search=enxaqueca", "type=term&search=sal", "type=term", "type=nada",
        "subtype=page",
        "subtype=post&search=sal", "subtype=nada", "type=term&subtype=category", "per_page=1",
        "per_page=1&page=2",
        "page=99", "_embed&search=sal", "context=embed", "exclude={posts.plain}",
        "include={posts.plain}",
        "type=post-format", "_fields=id,title",
    ),
    "menu-items": ("menus={menus.main}", "parent={menu-items.about}", "orderby=title",
        "context=edit", "_embed", "per_page=1"),
    "menus": ("context=edit", "search=principal", "slug=principal", "_embed"),
    "types": ("context=edit", "context=embed", "_fields=name", "_embed"),
    "taxonomies": ("type=post", "type=page", "type=nada", "context=edit"),
    "statuses": ("context=edit", "_fields=name"),
    "widgets": ("sidebar=sidebar-1", "context=edit"),
    "blocks": ("context=edit", "search=nota", "slug=nota"),
    "posts/{posts.classic}": (
        "context=edit", "context=embed", "_embed", "_embed=author", "_embed=replies",
        "_fields=id,title.rendered,content",
        "_envelope", "context=nada", "_jsonp=f", "_fields=_links.self",
        "_embed=wp:featuredmedia,wp:term",
    ),
    "posts/{posts.protected}": ("password=abracadabra", "password=errada", "password=",
        "context=edit", "context=embed"),
    "pages/{pages.team}": ("_embed", "context=edit"),
    "media/{media.photo}": ("context=edit", "context=embed", "_embed",
        "_fields=media_details.sizes.thumbnail"),
    "media/{media.leaflet}": ("context=edit",),
    "comments/{comments.answer}": ("context=edit", "_embed", "context=embed"),
    "posts/{posts.plain}/revisions": ("context=edit", "per_page=1", "context=embed", "order=asc",
        "offset=0", "search=água"),
    "users/{users.admin}": ("context=edit", "context=embed", "_embed"),
    "users/me": ("context=edit", "_fields=id,name,roles"),
    "categories/{categories.enxaqueca}": ("_embed", "context=edit", "context=embed"),
    "menu-items/{menu-items.about}": ("context=edit", "_embed"),
}  # fmt: skip

_SCHEMAS = (
    "posts", "posts/{posts.plain}", "pages", "media", "media/{media.photo}", "categories",
    "categories/{categories.neuro}",
    "tags", "comments", "comments/{comments.first}", "users", "users/me", "settings", "types",
    "statuses", "taxonomies",
    "search", "menus", "menu-items", "blocks", "posts/{posts.plain}/revisions",
)  # fmt: skip


def as_everybody() -> Iterator[Ask]:
    """Each list and each thing, in each context, by a stranger and by each role."""
    for by in EVERYBODY:
        for path in (*_LISTS, *_ALONE):
            yield Ask("GET", f"/wp/v2/{path}", by)
            yield Ask("GET", f"/wp/v2/{path}?context=edit", by)


def asked() -> Iterator[Ask]:
    """The arguments of lists and things, by a stranger, an author and an administrator."""
    for by in ("", "author", "admin"):
        for words in _OF_POSTS:
            yield Ask("GET", f"/wp/v2/posts?{words}", by)
        for path, queries in _OTHERS.items():
            for words in queries:
                yield Ask("GET", f"/wp/v2/{path}?{words}", by)


def protocol() -> Iterator[Ask]:
    """HEAD, OPTIONS, roots, other addresses of the API, proofs that are wrong."""
    for by in ("", "author", "admin"):
        for path in _SCHEMAS:
            yield Ask("OPTIONS", f"/wp/v2/{path}", by)
        for path in (
            "posts",
            "posts/{posts.plain}",
            "pages?per_page=1",
            "users",
            "posts/999999",
            "settings",
        ):
            yield Ask("HEAD", f"/wp/v2/{path}", by)
    for path in (
        "/",
        "/?_fields=name,description,url,home,namespaces,authentication",
        "/wp/v2?_fields=namespace",
        "/oembed/1.0?_fields=namespace",
        "/nada",
        "/nada/v1/coisa",
        "/batch/v1",
    ):
        yield Ask("GET", path)
        yield Ask("OPTIONS", path)
    for path in (
        "/?rest_route=/wp/v2/posts&per_page=1",
        "/?rest_route=/wp/v2/posts/{posts.plain}",
        "/?rest_route=/nada",
    ):
        yield Ask("GET", path)
    wrong = {"Authorization": "Basic YWRtaW46ZXJyYWRh"}
    stranger = {"Authorization": "Basic bmluZ3VlbTplcnJhZGE="}
    for headers in (
        wrong,
        stranger,
        {"Authorization": "Basic !!"},
        {"X-WP-Nonce": "abc"},
        {"Origin": "https://a.example"},
    ):
        for path in ("/wp/v2/posts?per_page=1", "/wp/v2/users/me", "/wp/v2/settings", "/"):
            yield Ask("GET", path if path != "/" else "/?_fields=name", headers=headers)
        yield Ask("POST", "/wp/v2/posts", headers=headers, json={"title": "x"})
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in (
            "types",
            "statuses",
            "search",
            "posts/{posts.plain}/revisions",
            "nada",
            "users/me/nada",
            "taxonomies/category",
        ):
            yield Ask(method, f"/wp/v2/{path}", "admin", json={})
    for path in ("posts", "categories"):
        yield Ask("PUT", f"/wp/v2/{path}", "admin", json={"title": "x", "name": "x"})
        yield Ask("DELETE", f"/wp/v2/{path}", "admin")
    for path in (
        "/oembed/1.0/embed",
        "/oembed/1.0/embed?url=https://nada.example/",
        "/oembed/1.0/embed?url=x&format=yaml",
    ):
        yield Ask("GET", path)


def reading() -> Iterator[Ask]:
    yield from protocol()
    yield from asked()
    yield from as_everybody()
