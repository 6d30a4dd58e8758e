"""The kinds of blocks that content is made of, with what a delimiter may say of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Attributes = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class BlockType:
    """A kind of block. A dynamic one stores no HTML: it is drawn from its attributes on reading."""

    name: str
    title: str
    category: str
    attributes: Attributes = field(default_factory=dict)
    parent: tuple[str, ...] = ()
    is_dynamic: bool = False


def _of(kind: str, *names: str, **more: Any) -> dict[str, dict[str, Any]]:
    return {name: {"type": kind, **more} for name in names}


def _text(*names: str) -> dict[str, dict[str, Any]]:
    return _of("string", *names)


def _flag(*names: str, default: bool = False) -> dict[str, dict[str, Any]]:
    return _of("boolean", *names, default=default)


def _number(*names: str, **more: Any) -> dict[str, dict[str, Any]]:
    return _of("number", *names, **more)


_RICH = _of("string", "content", source="html", default="")
_LINK = _text("url", "href", "rel", "linkTarget", "linkDestination")
_MEDIA = {**_number("id"), **_text("src", "alt", "caption", "title")}
_QUERY = {**_number("postsToShow", default=5), **_text("order", "orderBy")}

_STATIC: tuple[tuple[str, str, str, Attributes], ...] = (
    ("paragraph", "Paragraph", "text",
     {**_RICH, **_text("align", "direction", "placeholder"), **_flag("dropCap")}),
    ("heading", "Heading", "text",
     {**_RICH, **_text("textAlign", "placeholder"), **_of("number", "level", default=2)}),
    ("list", "List", "text",
     {**_flag("ordered", "reversed"), **_of("string", "values", default=""),
      **_number("start"), **_text("type", "placeholder")}),
    ("quote", "Quote", "text",
     {**_of("string", "value", default=""), **_text("citation", "align")}),
    ("pullquote", "Pullquote", "text", _text("value", "citation", "textAlign")),
    ("code", "Code", "text", _RICH),
    ("preformatted", "Preformatted", "text", _RICH),
    ("verse", "Verse", "text", {**_RICH, **_text("textAlign")}),
    ("table", "Table", "text",
     {**_flag("hasFixedLayout"), **_text("caption"), **_of("array", "head", "body", "foot",
                                                           default=[])}),
    ("freeform", "Classic", "text", _text("content")),
    ("image", "Image", "media",
     {**_MEDIA, **_LINK, **_text("align", "linkClass", "sizeSlug"),
      **_number("width", "height")}),
    ("gallery", "Gallery", "media",
     {**_of("array", "images", "ids", default=[]), **_number("columns"),
      **_text("caption", "linkTo", "sizeSlug"), **_flag("imageCrop", default=True)}),
    ("audio", "Audio", "media", {**_MEDIA, **_flag("autoplay", "loop"), **_text("preload")}),
    ("video", "Video", "media",
     {**_MEDIA, **_flag("autoplay", "loop", "muted", "playsInline"), **_text("poster", "preload"),
      **_flag("controls", default=True), **_of("array", "tracks", default=[])}),
    ("cover", "Cover", "media",
     {**_MEDIA, **_text("url", "backgroundType", "overlayColor", "minHeightUnit"),
      **_number("dimRatio", default=100), **_number("minHeight"), **_of("object", "focalPoint")}),
    ("media-text", "Media & Text", "media",
     {**_text("align", "mediaAlt", "mediaPosition", "mediaUrl", "mediaLink", "mediaType"),
      **_number("mediaId"), **_number("mediaWidth", default=50),
      **_flag("isStackedOnMobile", default=True)}),
    ("columns", "Columns", "design",
     {**_text("verticalAlignment"), **_flag("isStackedOnMobile", default=True)}),
    ("group", "Group", "design",
     {**_of("string", "tagName", default="div"), **_of("object", "layout")}),
    ("buttons", "Buttons", "design", {}),
    ("separator", "Separator", "design", _of("string", "opacity", default="alpha-channel")),
    ("spacer", "Spacer", "design", _of("string", "height", default="100px")),
    ("more", "More", "design", {**_text("customText"), **_flag("noTeaser")}),
    ("nextpage", "Page Break", "design", {}),
    ("html", "Custom HTML", "widgets", _text("content")),
    ("embed", "Embed", "embed",
     {**_text("url", "caption", "type", "providerNameSlug"), **_flag("allowResponsive",
      default=True), **_flag("responsive", "previewable")}),
    ("missing", "Unsupported", "text", _text("originalName", "originalUndelimitedContent",
                                             "originalContent")),
)  # fmt: skip
_INNER: tuple[tuple[str, str, str, tuple[str, ...], Attributes], ...] = (
    ("list-item", "List item", "text", ("list",), _RICH),
    ("column", "Column", "design", ("columns",), _text("verticalAlignment", "width")),
    ("button", "Button", "design", ("buttons",),
     {**_text("url", "title", "text", "linkTarget", "rel", "placeholder"), **_number("width")}),
)  # fmt: skip
_DYNAMIC: tuple[tuple[str, str, str, Attributes], ...] = (
    ("block", "Reusable block", "reusable", _number("ref")),
    ("file", "File", "media",
     {**_number("id"), **_text("href", "fileName", "textLinkHref", "textLinkTarget"),
      **_flag("showDownloadButton", default=True)}),
    ("archives", "Archives", "widgets",
     {**_flag("displayAsDropdown", "showPostCounts"), **_of("string", "type", default="monthly")}),
    ("categories", "Categories List", "widgets",
     _flag("displayAsDropdown", "showHierarchy", "showPostCounts", "showOnlyTopLevel")),
    ("latest-posts", "Latest Posts", "widgets",
     {**_QUERY, **_flag("displayPostContent", "displayAuthor", "displayPostDate",
      "displayFeaturedImage"), **_of("array", "categories")}),
    ("latest-comments", "Latest Comments", "widgets",
     {**_number("commentsToShow", default=5), **_flag("displayAvatar", "displayDate",
      "displayExcerpt", default=True)}),
    ("navigation", "Navigation", "theme", {**_number("ref"), **_text("overlayMenu", "icon")}),
    ("page-list", "Page List", "widgets", _number("parentPageID")),
    ("rss", "RSS", "widgets", {**_text("feedURL"), **_number("itemsToShow", default=5)}),
    ("search", "Search", "widgets",
     {**_text("label", "placeholder", "buttonText"), **_flag("showLabel", default=True)}),
    ("shortcode", "Shortcode", "widgets", _text("text")),
    ("site-title", "Site Title", "theme", {**_number("level"), **_flag("isLink", default=True)}),
    ("site-tagline", "Site Tagline", "theme", _text("textAlign")),
    ("social-links", "Social Icons", "widgets", {**_flag("openInNewTab"), **_text("size")}),
    ("tag-cloud", "Tag Cloud", "widgets",
     {**_number("numberOfTags", default=45), **_of("string", "taxonomy", default="post_tag")}),
)  # fmt: skip


def _declared() -> list[BlockType]:
    return [
        *(BlockType(f"core/{n}", title, group, own) for n, title, group, own in _STATIC),
        *(
            BlockType(f"core/{n}", title, group, own, tuple(f"core/{one}" for one in parents))
            for n, title, group, parents, own in _INNER
        ),
        *(
            BlockType(f"core/{n}", title, group, own, is_dynamic=True)
            for n, title, group, own in _DYNAMIC
        ),
    ]


BLOCK_TYPES = {one.name: one for one in sorted(_declared(), key=lambda one: one.name)}
