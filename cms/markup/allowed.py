"""What authors' HTML may hold: elements, attributes, protocols and CSS, as data.

Transcribed as fact from the "post" and "data" lists that a WordPress 6.1.9 server reports
(`wp_kses_allowed_html`, `wp_allowed_protocols`, `safe_style_css`). Where we hold back something
that WordPress lets through, a table `HELD_BACK_*` says why.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cms.markup.tokens import names

Elements = Mapping[str, frozenset[str]]


GLOBAL_ATTRIBUTES = names(
    "aria-describedby aria-details aria-hidden aria-label aria-labelledby class dir id lang role"
    " style title xml:lang"
)

_CELL_GROUP = "align char charoff valign"
_COLUMN = "align char charoff span valign width"
_CELL = (
    "abbr align axis bgcolor char charoff colspan headers height nowrap rowspan scope valign width"
)

_OWN_ATTRIBUTES = {
    "a": "download href name rel rev target",
    "area": "alt coords href nohref shape target",
    "audio": "autoplay controls loop muted preload src",
    "blockquote": "cite",
    "button": "disabled name type value",
    "col": _COLUMN,
    "colgroup": _COLUMN,
    "del": "datetime",
    "details": "align open",
    "font": "color face size",
    "hr": "align noshade size width",
    "img": "align alt border height hspace loading longdesc src usemap vspace width",
    "ins": "cite datetime",
    "label": "for",
    "li": "align value",
    "map": "name",
    "menu": "type",
    "object": "data type",
    "ol": "reversed start type",
    "pre": "width",
    "q": "cite",
    "table": "align bgcolor border cellpadding cellspacing rules summary width",
    "tbody": _CELL_GROUP,
    "td": _CELL,
    "textarea": "cols disabled name readonly rows",
    "tfoot": _CELL_GROUP,
    "th": _CELL,
    "thead": _CELL_GROUP,
    "tr": "align bgcolor char charoff valign",
    "track": "default kind label src srclang",
    "ul": "type",
    "video": "autoplay controls height loop muted playsinline poster preload src width",
}

_ALIGNED = names(
    "article aside caption div figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup legend"
    " main nav p section span summary"
)

_PLAIN = names(
    "abbr acronym address b bdo big br cite code dd dfn dl dt em fieldset i kbd mark rb rp rt rtc"
    " ruby s samp small strike strong sub sup title tt u var"
)

HELD_BACK_ELEMENTS = MappingProxyType(
    {
        "textarea": "its text is parsed by other rules than the page's: carrier of mutation XSS",
        "title": "same parsing rules as textarea, and it renames the page it is shown in",
    }
)

_WORDPRESS_POST: Elements = {
    **{name: GLOBAL_ATTRIBUTES | names(own) for name, own in _OWN_ATTRIBUTES.items()},
    **{name: GLOBAL_ATTRIBUTES | {"align"} for name in _ALIGNED},
    **dict.fromkeys(_PLAIN, GLOBAL_ATTRIBUTES),
}

POST: Elements = MappingProxyType(
    {name: own for name, own in _WORDPRESS_POST.items() if name not in HELD_BACK_ELEMENTS}
)
"""Elements of a document, each with the attributes it may carry; `data-*` comes on top."""

TITLE: Elements = MappingProxyType(
    {
        "a": names("href title"),
        "abbr": names("title"),
        "acronym": names("title"),
        "blockquote": names("cite"),
        "del": names("datetime"),
        "q": names("cite"),
        **dict.fromkeys(names("b cite code em i s strike strong"), frozenset()),
    }
)
"""The small list, for titles and for what visitors write."""

COMMENT: Elements = MappingProxyType({**TITLE, "a": TITLE["a"] | {"rel"}})
"""The small list and the `rel` that we put on every visitor's link."""

DATA_PREFIX = "data-"

HELD_BACK_DATA_PREFIXES = MappingProxyType(
    {
        "data-hx-": "htmx acts on them, and our own admin pages load htmx",
        "data-wp-": "directives of WordPress's client runtime, written by its server only",
    }
)

ADDRESS_ATTRIBUTES = names(
    "action archive background cite classid codebase data formaction href icon longdesc manifest"
    " poster profile src usemap xmlns"
)

LOADING_ATTRIBUTES = names("background data icon poster src")
"""Addresses that the reader's browser fetches without being asked."""

HELD_BACK_PROTOCOLS = MappingProxyType(
    {
        "feed": "wraps another address of any protocol (feed:javascript:…)",
        "gopher": "speaks raw bytes to any port; only a server-side fetch still honours it",
        "svn": "starts a client program with an attacker's arguments",
        "telnet": "starts a client program with an attacker's arguments",
    }
)

LINK_PROTOCOLS = names(
    "fax ftp ftps http https irc irc6 ircs mailto mms news nntp rtsp sms tel urn webcal xmpp"
)

LOADING_PROTOCOLS = names("http https")

TARGETS = names("_blank _parent _self _top")
"""A named window would keep its opener; for `_blank` every browser cuts it."""

DROPPED_WITH_CONTENT = names(
    "iframe math noembed noframes noscript script select style svg template title"
)
"""Elements whose inside is no text of the article, so it goes with the tag."""

STYLE_PROPERTIES = names(
    "align-content align-items align-self background background-attachment background-blend-mode"
    " background-color background-image background-position background-size border border-bottom"
    " border-bottom-color border-bottom-left-radius border-bottom-right-radius border-bottom-style"
    " border-bottom-width border-collapse border-color border-left border-left-color"
    " border-left-style border-left-width border-radius border-right border-right-color"
    " border-right-style border-right-width border-spacing border-style border-top"
    " border-top-color border-top-left-radius border-top-right-radius border-top-style"
    " border-top-width border-width caption-side clear color column-count column-fill column-gap"
    " column-rule column-span column-width columns cursor direction filter flex flex-basis"
    " flex-direction flex-flow flex-grow flex-shrink flex-wrap float font font-family font-size"
    " font-style font-variant font-weight gap grid-auto-columns grid-auto-rows grid-column-end"
    " grid-column-gap grid-column-start grid-gap grid-row-end grid-row-gap grid-row-start"
    " grid-template-columns grid-template-rows height justify-content justify-items justify-self"
    " letter-spacing line-height list-style-type margin margin-block-end margin-block-start"
    " margin-bottom margin-inline-end margin-inline-start margin-left margin-right margin-top"
    " max-height max-width min-height min-width object-fit object-position overflow padding"
    " padding-block-end padding-block-start padding-bottom padding-inline-end padding-inline-start"
    " padding-left padding-right padding-top row-gap text-align text-decoration text-indent"
    " text-transform vertical-align width"
)

STYLE_PROPERTIES_WITH_ADDRESS = names("background background-image")

STYLE_PROPERTIES_WITH_STRING = names("font font-family")

STYLE_FUNCTIONS = names(
    "blur brightness calc clamp conic-gradient contrast drop-shadow fit-content grayscale hsl hsla"
    " hue-rotate invert linear-gradient max min minmax opacity radial-gradient repeat"
    " repeating-conic-gradient repeating-linear-gradient repeating-radial-gradient rgb rgba"
    " saturate sepia var"
)
