"""What each capability of WordPress means, for people. Those of plugins say it themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cms.admin.translating import N_
from cms.kernel.registry import Registry

_CONTENT: Mapping[str, str] = {
    "read": N_("Sign in, see what is published, change one's own profile"),
    "edit_posts": N_("Write posts and change one's own drafts"),
    "edit_others_posts": N_("Change posts of others"),
    "edit_published_posts": N_("Change one's own posts that are published"),
    "edit_private_posts": N_("Change private posts of others"),
    "publish_posts": N_("Publish posts, and plan when they are published"),
    "delete_posts": N_("Delete one's own drafts"),
    "delete_others_posts": N_("Delete posts of others"),
    "delete_published_posts": N_("Delete one's own posts that are published"),
    "delete_private_posts": N_("Delete private posts of others"),
    "read_private_posts": N_("Read private posts of others"),
    "edit_pages": N_("Write pages and change one's own drafts of them"),
    "edit_others_pages": N_("Change pages of others"),
    "edit_published_pages": N_("Change one's own pages that are published"),
    "edit_private_pages": N_("Change private pages of others"),
    "publish_pages": N_("Publish pages, and plan when they are published"),
    "delete_pages": N_("Delete one's own drafts of pages"),
    "delete_others_pages": N_("Delete pages of others"),
    "delete_published_pages": N_("Delete one's own pages that are published"),
    "delete_private_pages": N_("Delete private pages of others"),
    "read_private_pages": N_("Read private pages of others"),
    "manage_categories": N_("Make, rename and delete categories and tags"),
    "moderate_comments": N_("Approve, change and delete comments"),
    "upload_files": N_("Upload pictures and other files"),
    "unfiltered_html": N_("Write markup that is cleaned for others"),
    "unfiltered_upload": N_("Upload files of any kind"),
    "manage_links": N_("Keep links (of old versions of WordPress)"),
}
_PEOPLE: Mapping[str, str] = {
    "list_users": N_("See the list of people"),
    "create_users": N_("Add and invite people"),
    "edit_users": N_("Change profiles of others, end their sessions, make password links"),
    "promote_users": N_("Give roles, and change what roles grant"),
    "delete_users": N_("Close accounts of others"),
    "remove_users": N_("Take people off a site of several"),
}
_SITE: Mapping[str, str] = {
    "manage_options": N_("Change the settings of the site, redirects and webhooks"),
    "edit_theme_options": N_("Change menus and widgets"),
    "switch_themes": N_("Choose the theme"),
    "customize": N_("Change how the theme looks"),
    "export": N_("Take the content of the site out as a file"),
    "import": N_("Bring content in from a file"),
    "edit_dashboard": N_("Arrange the overview (of WordPress)"),
    "activate_plugins": N_("See which plugins there are"),
    "install_plugins": N_("See the health of the site"),
}
_UNUSED: Mapping[str, str] = dict.fromkeys(
    (
        "delete_plugins",
        "delete_themes",
        "edit_files",
        "edit_plugins",
        "edit_themes",
        "install_themes",
        "update_core",
        "update_plugins",
        "update_themes",
        *(f"level_{number}" for number in range(11)),
    ),
    N_("Has no effect here; WordPress has it, and clients may ask for it"),
)
_HOST = (
    (N_("Content"), _CONTENT),
    (N_("People"), _PEOPLE),
    (N_("Site"), _SITE),
)


@dataclass(frozen=True)
class Group:
    """Capabilities of one area, each with what it means in English."""

    label: str
    capabilities: Sequence[tuple[str, str]]


def grouped(registry: Registry, known: Iterable[str]) -> list[Group]:
    """Every known capability under its area, the ones of plugins under their plugin, and at the end
    those that nobody explains or that have no effect."""
    left = set(known)
    groups = []
    areas = [*_HOST, *((one.slug.replace("_", " "), one.capabilities) for one in registry.plugins)]
    for label, words in areas:
        here = [(name, words[name]) for name in words if name in left]
        left -= {name for name, _ in here}
        if here:
            groups.append(Group(label, here))
    rest = [(name, _UNUSED.get(name, "")) for name in sorted(left, key=lambda n: (n in _UNUSED, n))]
    return [*groups, Group(N_("Others"), rest)] if rest else groups
