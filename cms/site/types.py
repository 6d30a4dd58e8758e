"""The types that WordPress keeps the parts of a site under."""

from cms.content.surrounding import REUSABLE
from cms.kernel.declarations import PostType, Taxonomy

THEME = "edit_theme_options"
MENU = "nav_menu"
MENU_ITEM = "nav_menu_item"
BLOCK = REUSABLE
NAVIGATION = "wp_navigation"

_VERBS = (
    "edit", "edit_others", "edit_published", "edit_private", "publish", "read_private",
    "delete", "delete_others", "delete_published", "delete_private",
)  # fmt: skip
_BY_THEME = dict.fromkeys(_VERBS, THEME)


def _template(name: str, rest_base: str, label: str) -> PostType:
    return PostType(
        name=name,
        rest_base=rest_base,
        label=label,
        supports=("title", "slug", "excerpt", "editor", "revisions", "author"),
        is_public=False,
        rest_controller="templates",
        capabilities={**_BY_THEME, "read": THEME},
    )


POST_TYPES = (
    PostType(
        name=MENU_ITEM,
        rest_base="menu-items",
        label="Navigation Menu Items",
        supports=("title", "editor"),
        taxonomies=(MENU,),
        is_public=False,
        rest_controller="menu_items",
        capabilities=_BY_THEME,
    ),
    PostType(
        name=BLOCK,
        rest_base="blocks",
        label="Reusable blocks",
        supports=("title", "editor", "revisions"),
        capability_type=("block", "blocks"),
        is_public=False,
        rest_controller="blocks",
        capabilities={
            "read": "edit_posts",
            "create": "publish_posts",
            "edit": "edit_posts",
            "edit_others": "edit_others_posts",
            "edit_published": "edit_published_posts",
            "edit_private": "edit_private_posts",
            "publish": "publish_posts",
            "read_private": "read_private_posts",
            "delete": "delete_posts",
            "delete_others": "delete_others_posts",
            "delete_published": "delete_published_posts",
            "delete_private": "delete_private_posts",
        },
    ),
    _template("wp_template", "templates", "Templates"),
    _template("wp_template_part", "template-parts", "Template Parts"),
    PostType(
        name=NAVIGATION,
        rest_base="navigation",
        label="Navigation Menus",
        supports=("title", "editor", "revisions"),
        is_public=False,
        is_open=True,
        rest_controller="blocks",
        capabilities=_BY_THEME,
    ),
)
TAXONOMIES = (
    Taxonomy(
        name=MENU,
        rest_base="menus",
        label="Navigation Menus",
        post_types=(MENU_ITEM,),
        rest_controller="menus",
        capabilities=(THEME,) * 4,
        is_public=False,
    ),
)
