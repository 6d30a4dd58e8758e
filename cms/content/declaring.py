"""The rules for types and taxonomies that a site declares for itself."""

import re
from collections.abc import Collection, Iterable

from cms.content.faults import Faults
from cms.kernel.declarations import PostType, Taxonomy
from cms.kernel.registry import Registry

SUPPORTS = (
    "title", "editor", "author", "thumbnail", "excerpt", "trackbacks", "custom-fields", "comments",
    "revisions", "page-attributes", "sticky",
)  # fmt: skip

_TYPE_NAME = re.compile(r"[a-z][a-z0-9_-]{1,19}")
_TAXONOMY_NAME = re.compile(r"[a-z][a-z0-9_-]{1,31}")
_BASE = re.compile(r"[a-z][a-z0-9_-]{1,40}")
_CAPABILITY = re.compile(r"[a-z][a-z0-9_]{0,40}")
_PATH = re.compile(r"[a-z0-9][a-z0-9_/-]{0,60}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names that WordPress keeps for itself, and words that already mean something in an address.
_RESERVED_TYPES = _words(
    "post page attachment revision nav_menu_item custom_css customize_changeset oembed_cache "
    "user_request wp_block wp_template wp_template_part wp_global_styles wp_navigation action "
    "author order theme any"
)
_RESERVED_TAXONOMIES = _words(
    "category post_tag nav_menu link_category post_format wp_theme wp_template_part_area action "
    "attachment author calendar cat cpage custom customize_messenger_channel date day debug embed "
    "error exact feed fields hour link m menu minute monthnum more name offset order orderby p "
    "page page_id paged pagename pb perm post posts post_status post_type posts_per_page preview "
    "robots s search second sentence showposts static status sticky subpost tag tags taxonomy tb "
    "term terms theme title type types w year"
)
# First words of REST addresses that belong to WordPress, whether or not they are served here.
_RESERVED_BASES = _words(
    "posts pages media blocks navigation menu-items menus menu-locations categories tags users "
    "comments search settings types statuses taxonomies themes plugins sidebars widgets widget- "
    "types templates template-parts global-styles block-types block-renderer block-patterns "
    "block-directory pattern-directory batch"
)
# A taxonomy is a key of each post and an argument of each list: those that are taken.
_KEYS_OF_POSTS = _words(
    "id date date_gmt guid modified modified_gmt password slug status type link title content "
    "excerpt author featured_media comment_status ping_status sticky template format meta parent "
    "menu_order permalink_template generated_slug context page per_page search after "
    "modified_after author_exclude before modified_before exclude include offset order orderby "
    "acf lang language"
)


def find_faults_of_type(
    registry: Registry, wanted: PostType, taken: Collection[str], faults: Faults
) -> None:
    """What stands against a type. `registry` does not hold an earlier declaration of it; `taken`
    are first words of addresses that are served already."""
    _find_faults_of_name(wanted.name, _TYPE_NAME, _RESERVED_TYPES, registry.post_types, faults)
    _find_faults_of_words(wanted, faults)
    _find_faults_of_base(registry, wanted.rest_base, taken, faults)
    for supported in wanted.supports:
        if supported not in SUPPORTS:
            faults.add("supports", f"{supported!r} is not one of {', '.join(SUPPORTS)}")
    for taxonomy in wanted.taxonomies:
        if taxonomy not in registry.taxonomies:
            faults.add("taxonomies", f"there is no taxonomy {taxonomy!r}; declare it first")
    for word in wanted.capability_type:
        if not _CAPABILITY.fullmatch(word):
            faults.add("capability_type", f"{word!r} must be lower-case letters, digits and _")
    if wanted.capability_type[0] == wanted.capability_type[1]:
        faults.add("capability_type", "singular and plural must differ, such as recipe and recipes")
    archive = wanted.has_archive
    if isinstance(archive, str) and not _PATH.fullmatch(archive):
        faults.add("has_archive", f"{archive!r} must be true, false or a path such as receitas")


def find_faults_of_taxonomy(
    registry: Registry, wanted: Taxonomy, taken: Collection[str], faults: Faults
) -> None:
    """What stands against a taxonomy."""
    names = registry.taxonomies
    _find_faults_of_name(wanted.name, _TAXONOMY_NAME, _RESERVED_TAXONOMIES, names, faults)
    _find_faults_of_words(wanted, faults)
    _find_faults_of_base(registry, wanted.rest_base, taken, faults)
    keys = _KEYS_OF_POSTS.union(field.name for field in registry.each("rest_fields"))
    if wanted.rest_base in keys or wanted.rest_base.removesuffix("_exclude") in keys:
        faults.add("rest_base", f"{wanted.rest_base!r} is already a key of posts; choose another")
    for name in wanted.post_types:
        known = registry.post_types.get(name)
        if known is None or known.rest_controller != "posts":
            faults.add("post_types", f"there is no type {name!r} whose posts can be filed")
    for capability in wanted.capabilities:
        if not _CAPABILITY.fullmatch(capability):
            faults.add("capabilities", f"{capability!r} must be lower-case letters, digits and _")


def _find_faults_of_name(
    name: str,
    form: re.Pattern[str],
    reserved: Collection[str],
    known: Collection[str],
    faults: Faults,
) -> None:
    if not form.fullmatch(name):
        faults.add("name", f"{name!r} must be lower-case letters, digits, - and _, from 2 on")
    elif name in reserved:
        faults.add("name", f"{name!r} is reserved; choose another, such as my_{name}")
    elif name in known:
        faults.add("name", f"{name!r} exists already")


def _find_faults_of_words(wanted: PostType | Taxonomy, faults: Faults) -> None:
    for field in ("label", "singular", "description"):
        value = getattr(wanted, field)
        longest = 1000 if field == "description" else 80
        if len(value) > longest or "\x00" in value or "<" in value:
            faults.add(field, f"must be text without markup, at most {longest} characters long")
    if not wanted.label.strip():
        faults.add("label", "must say what the list is called")
    if wanted.rewrite and not _PATH.fullmatch(wanted.rewrite):
        faults.add("rewrite", f"{wanted.rewrite!r} must be a path such as receitas")


def _find_faults_of_base(
    registry: Registry, rest_base: str, taken: Collection[str], faults: Faults
) -> None:
    declared: Iterable[PostType | Taxonomy] = (
        *registry.post_types.values(),
        *registry.taxonomies.values(),
    )
    if not _BASE.fullmatch(rest_base):
        faults.add("rest_base", f"{rest_base!r} must be lower-case letters, digits, - and _")
    elif rest_base in _RESERVED_BASES or rest_base in taken:
        faults.add("rest_base", f"{rest_base!r} is the address of something else; choose another")
    elif any(one.rest_base == rest_base for one in declared):
        faults.add("rest_base", f"{rest_base!r} is the address of another type or taxonomy")
