"""Where a person may be sent on to: addresses of this site and no other."""

from urllib.parse import quote, urlsplit

HOME = "/admin"
# What may stand in an address as it is (RFC 3986 §2.2), and what is written in hexadecimal already.
_KEPT = "/?#[]@!$&'()*+,;=:%"


def own_path(wanted: str | None, base_url: str = "") -> str:
    """The path, with its query, of an address of this site; HOME for every other. What browsers
    read otherwise than they are written (RFC 3986 §3, WHATWG URL §4.4) is of another site."""
    if not wanted or any(c in wanted for c in "\\\t\r\n") or not wanted.isprintable():
        return HOME
    site = base_url.rstrip("/")
    if site and wanted.startswith(f"{site}/"):
        wanted = wanted.removeprefix(site)
    is_own = wanted.startswith("/") and not wanted.startswith("//")
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    is_path = is_own and not parts.scheme and not parts.netloc
    return quote(wanted, safe=_KEPT) if is_path else HOME
