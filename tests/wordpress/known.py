"""Differences that are meant, and those that come from the two installations and not from us."""

import re

from tests.wordpress.comparing import Difference
from tests.wordpress.site import Ask

# `METHOD path where: ours | WordPress` as an expression -> why. What is ours on purpose has its row
# in docs/reference/wordpress-differences.md.
_ON_PURPOSE = {
    r".*\.guid\.": "the short address, which never changes",
    r".*wp:action-unfiltered-html": "no role is exempt from cleaning",
    r".*\.(focal_point|cms_\w+|content_hash)\b": "fields of ours",
    r".*\.sources\b": "newer formats beside each size",
    r".*(version-history\[\]\.count|predecessor-version)": "the first text is a revision too",
    r".*\.(modified|modified_gmt)\b": "when it was stored, not the date that it was given",
    r".*\.date_gmt: null": "a floating date says so",
    r".*\.(categories|tags)\[\]:": "terms of a post stand by number",
    r".*\.(rendered_form|instance\.(encoded|hash))": "nothing is unserialised",
    r".*header (x-wp-total|x-wp-totalpages|allow:  )": "what is hidden is not told",
    r".*headers(\.Allow|:)": "errors carry no Allow",
    r".*status: (401|403) \S+( \[.*\])? \| 4\d\d": "the policy is asked first",
    r".*status: 4(09|13|15|29) .*\| [45]\d\d": "the fault is the client's, and says which",
    r".*status: 400 .*\| 500": "the fault is the client's",
    r".*status: 40[0-4] rest_\w+ .*\| 20[01]": "nothing is half-saved",
    r".*status: 200 \| 400 rest_(post_invalid_id|invalid_param \['after'\])": "milder",
    r".*status: 404 rest_no_route \| 200": "what is not there is 404",
    r".*\.additional_data": "it is in data.term_id",
    r".*\.(nickname|avatar_urls)\b": "never the login",
    r".*WWW-Authenticate": "RFC 9110",
    r".*wp/v2/(blocks|types|taxonomies)\S* .*(capabilities|labels|visibility|description)\b": (
        "words and capabilities as they are here"
    ),
    r".*wp/v2/(block-types|widget-types|themes|plugins|sidebars|menu-locations|templates)": (
        "no theme, no widget screen, no plug-ins to switch"
    ),
    r".*wp/v2/blocks.* \S*\.?(link|permalink_template):": "reusable blocks have no page",
    r".*wp/v2/categories.*link: ": "an address of a term has its own slug only",
    r".*(wp/v2/search|search=).*(\(length|\(order|header|\[\])": "stems, not parts of words",
    r".*wp/v2/navigation.*\.content": "navigation blocks are drawn by the front end",
    r".*\.data\.(details|params)\b": "each fault says its own reason",
    r".*_fields=(_links\.self|media_details)": "paths below a field are picked as asked",
    r".*_jsonp=a%20b": "an error that cannot be called back is plain JSON",
}
_OF_THE_INSTALLATION = {
    r"OPTIONS \S+ .*\.(schema|endpoints)": "tests/rest/test_conformance.py compares these",
    r"GET /(\?\S*)? .*\.(routes|namespaces|authentication)": "the same, for the index",
    r".*\.filesize": "other encoders",
    r"POST /wp/v2/media\S* .*\.caption\.rendered": "an excerpt made of the link to the file",
    r".*\.capabilities\.(manage_compliance|manage_policies|view_audit_trail)": "of plugins",
    r".*\.(locale|language)\b": "language packs",
    r".*\.description\.rendered: .*([0-9]w|style)": "styles of a theme",
    r".*\.(use_smilies|site_logo)\b": "PHP's empty values",
    r".*application-passwords.*\.name": "how this one was called",
}
_KNOWN = [
    (re.compile(pattern, re.DOTALL), why)
    for pattern, why in (_ON_PURPOSE | _OF_THE_INSTALLATION).items()
]


def reason_for(ask: Ask, one: Difference) -> str:
    """Why the two differ here, or nothing."""
    ours = "null" if one.ours is None else str(one.ours)
    told = f"{ask.method} {ask.path} {one.where}: {ours} | {one.theirs}"
    return next((why for pattern, why in _KNOWN if pattern.match(told)), "")
