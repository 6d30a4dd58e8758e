"""The tenant that a unit of work belongs to, and what its site is set to."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import msgspec

from cms.kernel.declared import NOTHING, Declared

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class SiteOptions(msgspec.Struct, frozen=True, omit_defaults=True):
    """The options of a site, each with the default that WordPress 6.1 has for it. Stored by name in
    the table of options; a name that is not here is kept and ignored.

    `title`, `timezone` and `language` are empty until somebody sets them: then what the directory
    of tenants says counts. `front_end_url` is where readers see the site, when that is not here.
    `anonymous_comments` lets visitors comment through REST, where they do not in WordPress either.
    A session of the web application ends after `session_hours`, or when nobody has used it for
    `session_idle_minutes`; one that is to be remembered lasts `session_remember_days`.
    Notices are erased `notices_kept_days` after they were read.
    `menu_locations` and `sidebars` are the places of the theme, by name with what people call them.
    `serves_pages` draws the site's pages here, in its `theme`; without it the site has a front end
    of its own.
    """

    title: str = ""
    description: str = ""
    email: str = ""
    timezone: str = ""
    language: str = ""
    date_format: str = "F j, Y"
    time_format: str = "g:i a"
    start_of_week: int = 1
    use_smilies: bool = True
    default_category: int = 0
    default_post_format: str = "0"
    posts_per_page: int = 10
    show_on_front: str = "posts"
    page_on_front: int = 0
    page_for_posts: int = 0
    default_ping_status: str = "open"
    default_comment_status: str = "open"
    site_logo: int = 0
    site_icon: int = 0
    permalink_structure: str = "/%postname%/"
    front_end_url: str = ""
    preview_url: str = ""
    public_menus: bool = False
    require_alt_text: bool = False
    anonymous_comments: bool = False
    comment_registration: bool = False
    require_name_email: bool = True
    comment_moderation: bool = False
    comment_previously_approved: bool = True
    comment_max_links: int = 2
    moderation_keys: str = ""
    disallowed_keys: str = ""
    close_comments_for_old_posts: bool = False
    close_comments_days_old: int = 14
    thread_comments: bool = True
    thread_comments_depth: int = 5
    menu_locations: dict[str, str] = msgspec.field(
        default_factory=lambda: {"primary": "Primary menu", "footer": "Footer menu"}
    )
    sidebars: dict[str, str] = msgspec.field(default_factory=lambda: {"sidebar-1": "Sidebar"})
    posts_per_rss: int = 10
    rss_use_excerpt: bool = False
    blog_public: bool = True
    sends_webhooks: bool = False
    sends_surrogate_keys: bool = False
    session_hours: int = 12
    session_idle_minutes: int = 60
    session_remember_days: int = 14
    notices_kept_days: int = 180
    serves_pages: bool = False
    theme: str = "default"


@dataclass(frozen=True)
class Tenant:
    """One publisher: its content, people and rules are invisible to every other."""

    id: int
    slug: str
    name: str
    language: str
    timezone: str
    hosts: tuple[str, ...] = ()
    site: SiteOptions = field(default_factory=SiteOptions)
    declared: Declared = NOTHING

    @property
    def address(self) -> str:
        """Where the site answers, for what is made without a request: its first host name."""
        if not self.hosts:
            return ""
        host = self.hosts[0]
        return f"{'http' if host.startswith(_LOOPBACK) else 'https'}://{host}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
