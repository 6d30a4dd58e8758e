"""The host's own lines of the menu."""

from cms.admin.translating import N_
from cms.kernel.screens import MenuEntry

MENU = (
    MenuEntry(
        section="work",
        label=N_("Overview"),
        path="/admin",
        action="session.work",
        icon="home",
        order=0,
    ),
    MenuEntry(
        section="work",
        label=N_("Notices"),
        path="/admin/notices",
        action="notice.list",
        icon="bell",
        order=90,
    ),
    MenuEntry(
        section="content",
        label=N_("Media"),
        path="/admin/media",
        action="media.upload",
        icon="image",
        order=70,
    ),
    MenuEntry(
        section="content",
        label=N_("Comments"),
        path="/admin/comments",
        action="comment.edit",
        capability="edit_posts",
        icon="comment",
        order=80,
    ),
    MenuEntry(
        section="content",
        label=N_("Categories"),
        path="/admin/terms/category",
        action="term.create",
        icon="tag",
        order=60,
    ),
    MenuEntry(
        section="content",
        label=N_("Tags"),
        path="/admin/terms/post_tag",
        action="term.create",
        icon="tag",
        order=61,
    ),
    MenuEntry(
        section="site",
        label=N_("Types and taxonomies"),
        path="/admin/types",
        action="type.review_own",
        icon="board",
        order=20,
    ),
)
