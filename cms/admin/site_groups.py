"""The settings of a site in groups, each with what it does."""

from collections.abc import Mapping, Sequence
from typing import Any

from cms.admin.site_fields import Field, Group, Kind
from cms.admin.translating import N_
from cms.kernel.tenant import SiteOptions

_SWITCH, _NUMBER, _AREA, _CHOICE = Kind.SWITCH, Kind.NUMBER, Kind.AREA, Kind.CHOICE
_OPEN = (("open", N_("allowed")), ("closed", N_("not allowed")))
_DAYS = (
    ("0", N_("Sunday")),
    ("1", N_("Monday")),
    ("2", N_("Tuesday")),
    ("3", N_("Wednesday")),
    ("4", N_("Thursday")),
    ("5", N_("Friday")),
    ("6", N_("Saturday")),
)
_FORMATS = (
    ("0", N_("none")),
    ("standard", N_("standard")),
    ("aside", N_("aside")),
    ("chat", N_("chat")),
    ("gallery", N_("gallery")),
    ("link", N_("link")),
    ("image", N_("image")),
    ("quote", N_("quote")),
    ("status", N_("status")),
    ("video", N_("video")),
    ("audio", N_("audio")),
)

GROUPS = (
    Group(
        "site",
        N_("Site"),
        (
            Field("title", N_("Title"), N_("The name of the site, in titles, feeds and letters.")),
            Field("description", N_("Tagline"), N_("In a few words, what the site is about.")),
            Field(
                "email",
                N_("E-mail of the site"),
                N_("Where the house is reached. Readers do not see it."),
            ),
            Field(
                "site_logo",
                N_("Logo"),
                N_("A picture of the media library."),
                Kind.PICTURE,
            ),
            Field(
                "site_icon",
                N_("Icon"),
                N_("The square picture that browsers show in tabs."),
                Kind.PICTURE,
            ),
        ),
    ),
    Group(
        "languages",
        N_("Language and time"),
        (
            Field(
                "language",
                N_("Language"),
                N_("A tag such as pt-BR or en. Empty: what the operator has set."),
            ),
            Field(
                "timezone",
                N_("Time zone"),
                N_("A city, such as America/Sao_Paulo. Empty: what the operator has set."),
            ),
            Field(
                "date_format",
                N_("Form of dates"),
                N_("As WordPress writes it: F j, Y is November 21, 2026."),
            ),
            Field(
                "time_format", N_("Form of times"), N_("As WordPress writes it: g:i a is 9:05 pm.")
            ),
            Field("start_of_week", N_("First day of the week"), "", _CHOICE, _DAYS, is_number=True),
        ),
    ),
    Group(
        "writing",
        N_("Writing"),
        (
            Field(
                "default_category",
                N_("Usual category"),
                N_("The category that posts without one get."),
                Kind.CATEGORY,
            ),
            Field(
                "default_post_format",
                N_("Usual post format"),
                N_("What new posts are, for themes that show formats in different ways."),
                _CHOICE,
                _FORMATS,
            ),
            Field(
                "use_smilies",
                N_("Show smileys as pictures"),
                N_("Such as :-) in the texts of posts."),
                _SWITCH,
            ),
        ),
    ),
    Group(
        "reading",
        N_("Reading"),
        (
            Field(
                "show_on_front",
                N_("What the front page shows"),
                "",
                _CHOICE,
                (("posts", N_("the newest posts")), ("page", N_("a page"))),
            ),
            Field(
                "page_on_front",
                N_("Front page"),
                N_("The page that stands there, where the front shows one."),
                Kind.PAGE,
            ),
            Field(
                "page_for_posts",
                N_("Page of the newest posts"),
                N_("The page under whose address they stand."),
                Kind.PAGE,
            ),
            Field("posts_per_page", N_("Posts on a page"), N_("1 to 100."), _NUMBER),
            Field("posts_per_rss", N_("Posts in a feed"), N_("1 to 100."), _NUMBER),
            Field(
                "rss_use_excerpt",
                N_("Feeds show excerpts only"),
                N_("Else they hold whole texts."),
                _SWITCH,
            ),
            Field(
                "blog_public",
                N_("Search engines may show the site"),
                N_("Else robots.txt asks them not to; whoever knows an address still reads it."),
                _SWITCH,
            ),
        ),
    ),
    Group(
        "discussion",
        N_("Discussion"),
        (
            Field(
                "default_comment_status",
                N_("Comments on new posts"),
                N_("Each post can say otherwise."),
                _CHOICE,
                _OPEN,
            ),
            Field(
                "default_ping_status",
                N_("Link notifications on new posts"),
                N_("What other sites may tell of links to a post."),
                _CHOICE,
                _OPEN,
            ),
            Field(
                "comment_registration",
                N_("Only people with an account may comment"),
                "",
                _SWITCH,
            ),
            Field(
                "anonymous_comments",
                N_("Visitors may comment through the API"),
                N_("For a front end that has a form for comments."),
                _SWITCH,
            ),
            Field(
                "require_name_email",
                N_("Visitors must give name and e-mail"),
                "",
                _SWITCH,
            ),
            Field(
                "comment_moderation",
                N_("Somebody approves every comment"),
                N_("Before readers see it."),
                _SWITCH,
            ),
            Field(
                "comment_previously_approved",
                N_("Only whoever was approved before is shown at once"),
                "",
                _SWITCH,
            ),
            Field(
                "comment_max_links",
                N_("Links from which a comment is held"),
                N_("So many links or more wait for approval; 0 holds none."),
                _NUMBER,
            ),
            Field(
                "moderation_keys",
                N_("Words that hold a comment"),
                N_("One a line; looked for in text, name, address and web site."),
                _AREA,
            ),
            Field(
                "disallowed_keys",
                N_("Words that bin a comment"),
                N_("One a line; such a comment goes to the bin at once."),
                _AREA,
            ),
            Field(
                "close_comments_for_old_posts",
                N_("Close comments on old posts"),
                "",
                _SWITCH,
            ),
            Field("close_comments_days_old", N_("Days after which a post is old"), "", _NUMBER),
            Field("thread_comments", N_("Answers stand below what they answer"), "", _SWITCH),
            Field(
                "thread_comments_depth",
                N_("Levels of answers"),
                N_("1 to 10."),
                _NUMBER,
            ),
        ),
    ),
    Group(
        "permalinks",
        N_("Permalinks"),
        (
            Field(
                "permalink_structure",
                N_("Form of the addresses of posts"),
                N_(
                    "Made of %year%, %monthnum%, %day%, %post_id%, %postname%, %category% and "
                    "plain names, such as /%year%/%postname%/. Old addresses lead on to new ones."
                ),
            ),
        ),
    ),
    Group(
        "media",
        N_("Media"),
        (
            Field(
                "require_alt_text",
                N_("Pictures need a text for people who do not see them"),
                N_("A text with a picture without one is not published (WCAG 2.2, 1.1.1)."),
                _SWITCH,
            ),
        ),
    ),
    Group(
        "front-end",
        N_("Front end"),
        (
            Field(
                "serves_pages",
                N_("Readers get the site's pages from here"),
                N_("Drawn by the theme; else the site has a front end of its own."),
                _SWITCH,
            ),
            Field(
                "theme",
                N_("Theme"),
                N_("The name of the theme that draws the pages, such as default."),
            ),
            Field(
                "front_end_url",
                N_("Where readers see the site"),
                N_("The address of your own front end; empty where readers are served from here."),
            ),
            Field(
                "preview_url",
                N_("Address of previews"),
                N_("A template of your front end's address for previews; empty for the built-in."),
            ),
            Field(
                "sends_surrogate_keys",
                N_("Answers name what they show"),
                N_("For a cache that is purged by the keys that webhooks tell (Surrogate-Key)."),
                _SWITCH,
            ),
            Field(
                "public_menus",
                N_("Everybody may read menus through the API"),
                N_("Else a front end needs an application password for them."),
                _SWITCH,
            ),
            Field(
                "menu_locations",
                N_("Places for menus"),
                N_("One a line, as name = label; the names are those that your theme asks for."),
                Kind.LINES,
            ),
            Field(
                "sidebars",
                N_("Places for widgets"),
                N_("One a line, as name = label."),
                Kind.LINES,
            ),
        ),
    ),
    Group(
        "sign-in",
        N_("Sign-in"),
        (
            Field(
                "session_hours",
                N_("Hours that a sign-in lasts"),
                N_("1 to 24. After them everybody signs in again."),
                _NUMBER,
            ),
            Field(
                "session_idle_minutes",
                N_("Minutes after which an unused sign-in ends"),
                N_("5 to 720."),
                _NUMBER,
            ),
            Field(
                "session_remember_days",
                N_("Days that a remembered sign-in lasts"),
                N_("1 to 60, for whoever ticks that the browser is her own."),
                _NUMBER,
            ),
        ),
    ),
    Group(
        "notices",
        N_("Notices"),
        (
            Field(
                "notices_kept_days",
                N_("Days that a notice is kept after it was read"),
                N_("7 to 3650. Then it is erased; what nobody has read stays."),
                _NUMBER,
            ),
        ),
    ),
)

SET_BY_THE_HOUSE = frozenset({"sends_webhooks"})
"""Options that follow from something else."""


def groups() -> Sequence[Group]:
    """Every group; options that no group has stand under their names in one of their own."""
    known = {one.name for group in GROUPS for one in group.fields} | SET_BY_THE_HOUSE
    values = {
        name: getattr(SiteOptions(), name)
        for name in SiteOptions.__struct_fields__
        if name not in known
    }
    return (*GROUPS, Group("further", N_("Other settings"), _plain(values))) if values else GROUPS


def _plain(values: Mapping[str, Any]) -> list[Field]:
    kinds = {bool: Kind.SWITCH, int: Kind.NUMBER, dict: Kind.LINES}
    return [
        Field(name, name, "", kinds.get(type(value), Kind.TEXT)) for name, value in values.items()
    ]
