"""Types and taxonomies that Advanced Custom Fields 6 exports, as declarations of a site."""

from collections.abc import Iterable, Mapping
from typing import Any

from cms.content.declaring import SUPPORTS
from cms.fields.defining import as_flag
from cms.kernel.declarations import PostType, Taxonomy

Exported = Mapping[str, Any]

# What says something about the screens of WordPress, or says here what it says there by default.
_WITHOUT_MEANING = frozenset(
    {"key", "title", "menu_order", "active", "post_type", "taxonomy", "object_type", "labels",
     "description", "public", "hierarchical", "supports", "taxonomies", "has_archive",
     "has_archive_slug", "rewrite", "rest_base", "menu_icon", "rename_capabilities",
     "singular_capability_name", "plural_capability_name", "capabilities", "modified",
     "advanced_configuration", "import_source", "import_date", "show_ui", "show_in_menu",
     "admin_menu_parent", "show_in_admin_bar", "show_in_nav_menus", "menu_position",
     "show_tagcloud", "show_in_quick_edit", "show_admin_column", "enter_title_here", "sort",
     "rest_controller_class", "rest_namespace", "can_export", "meta_box", "meta_box_cb",
     "meta_box_sanitize_cb", "register_meta_box_cb", "query_var", "query_var_name"}
)  # fmt: skip
_EXPECTED = {
    "show_in_rest": True,
    "exclude_from_search": False,
    "publicly_queryable": True,
    "delete_with_user": False,
}


def post_type_of(one: Exported, of_file: Iterable[Exported]) -> tuple[PostType, list[str]]:
    """The declaration, and what of the export has no meaning here. Taxonomies of the same file are
    left to their own declarations, which name the type."""
    name, labels = str(one.get("post_type") or ""), _words(one.get("labels"))
    left = _left(one)
    supports = [str(word) for word in _list(one.get("supports"))]
    left += [f"support of {word}" for word in supports if word not in SUPPORTS]
    declared = {str(other.get("taxonomy")) for other in of_file}
    words = ("post", "posts")
    if as_flag(one.get("rename_capabilities", False)):
        singular = str(one.get("singular_capability_name") or name)
        words = (singular, str(one.get("plural_capability_name") or f"{singular}s"))
    archive: bool | str = as_flag(one.get("has_archive", False))
    if archive and one.get("has_archive_slug"):
        archive = str(one["has_archive_slug"])
    icon = one.get("menu_icon")
    return PostType(
        name=name,
        rest_base=str(one.get("rest_base") or name),
        label=labels.get("name") or str(one.get("title") or name),
        singular=labels.get("singular_name", ""),
        description=str(one.get("description") or ""),
        supports=tuple(word for word in supports if word in SUPPORTS),
        taxonomies=tuple(
            str(word) for word in _list(one.get("taxonomies")) if str(word) not in declared
        ),
        capability_type=words,
        is_hierarchical=as_flag(one.get("hierarchical", False)),
        is_public=as_flag(one.get("public", True)),
        has_archive=archive,
        rewrite=_rewrite(one, left),
        icon=str(icon.get("value")) if isinstance(icon, Mapping) else (str(icon or "") or None),
    ), left


def taxonomy_of(one: Exported, of_file: Iterable[Exported]) -> tuple[Taxonomy, list[str]]:
    """The declaration, and what of the export has no meaning here. It is also that of the types of
    the same file that name it."""
    name, labels = str(one.get("taxonomy") or ""), _words(one.get("labels"))
    left = _left(one)
    types = [str(word) for word in _list(one.get("object_type"))]
    types += [str(other.get("post_type")) for other in of_file if name in _list(
        other.get("taxonomies")
    )]  # fmt: skip
    given = _words(one.get("capabilities"))
    manage, edit, remove, assign = Taxonomy("", "", "", ()).capabilities
    return Taxonomy(
        name=name,
        rest_base=str(one.get("rest_base") or name),
        label=labels.get("name") or str(one.get("title") or name),
        singular=labels.get("singular_name", ""),
        description=str(one.get("description") or ""),
        post_types=tuple(dict.fromkeys(types)),
        is_hierarchical=as_flag(one.get("hierarchical", False)),
        is_public=as_flag(one.get("public", True)),
        capabilities=(
            given.get("manage_terms") or manage,
            given.get("edit_terms") or edit,
            given.get("delete_terms") or remove,
            given.get("assign_terms") or assign,
        ),
        rewrite=_rewrite(one, left),
    ), left


def _left(one: Exported) -> list[str]:
    """What of it would be another thing than here."""
    odd = [
        name
        for name, expected in _EXPECTED.items()
        if name in one and as_flag(one[name]) is not expected
    ]
    unknown = (set(one) - _WITHOUT_MEANING) - set(_EXPECTED)
    return [f"{name}: {one[name]!r:.40}" for name in (*odd, *sorted(unknown))]


def _rewrite(one: Exported, left: list[str]) -> str:
    rewrite = one.get("rewrite")
    if not isinstance(rewrite, Mapping):
        return ""
    kind = rewrite.get("permalink_rewrite")
    if kind == "no_permalink":
        left.append("rewrite: no address of its own")
    return str(rewrite.get("slug") or "") if kind == "custom_permalink" else ""


def _words(found: Any) -> dict[str, str]:
    if not isinstance(found, Mapping):
        return {}
    return {str(name): value for name, value in found.items() if isinstance(value, str)}


def _list(found: Any) -> list[Any]:
    if isinstance(found, Mapping):
        return list(found.values())
    return found if isinstance(found, list) else []
