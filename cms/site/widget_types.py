"""The kinds of widgets. Blocks are the default; the older ones are kept as plain data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WidgetType:
    """A kind of widget; `texts` are the keys of its instance that hold what readers see."""

    id: str
    name: str
    description: str
    classname: str
    texts: tuple[str, ...] = ()


def _legacy(id_base: str, name: str, description: str) -> WidgetType:
    return WidgetType(id_base, name, description, f"widget_{id_base.replace('-', '_')}")


_DECLARED = (
    WidgetType("block", "Block", "A widget containing a block.", "widget_block", ("content",)),
    WidgetType("text", "Text", "Arbitrary text.", "widget_text", ("text",)),
    WidgetType(
        "custom_html", "Custom HTML", "Arbitrary HTML code.", "widget_custom_html", ("content",)
    ),
    _legacy("archives", "Archives", "The months in which the site published posts."),
    _legacy("calendar", "Calendar", "The posts of the site on a calendar."),
    _legacy("categories", "Categories", "The categories, as a list or to choose from."),
    _legacy("media_audio", "Audio", "An audio player."),
    _legacy("media_gallery", "Gallery", "A gallery of images."),
    _legacy("media_image", "Image", "An image."),
    _legacy("media_video", "Video", "A video from the library or from elsewhere."),
    _legacy("meta", "Meta", "Links for signing in and to the feeds."),
    _legacy("nav_menu", "Navigation Menu", "A menu in the sidebar."),
    _legacy("pages", "Pages", "The pages of the site."),
    _legacy("recent-comments", "Recent Comments", "The newest comments."),
    _legacy("recent-posts", "Recent Posts", "The newest posts."),
    _legacy("rss", "RSS", "What a feed says."),
    _legacy("search", "Search", "A search form."),
    _legacy("tag_cloud", "Tag Cloud", "The most used tags."),
)
WIDGET_TYPES = {one.id: one for one in sorted(_DECLARED, key=lambda one: one.id)}
