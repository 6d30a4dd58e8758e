"""Differences that are meant: each has its row in docs/reference/wordpress-differences.md."""

import re

from tests.wordpress.comparing import Difference
from tests.wordpress.site import Ask

# The beginning of `METHOD path where` as an expression -> what the row says.
_ROWS = {
    r"OPTIONS \S+ .*\.(schema|endpoints)": "compared with the facts by tests/rest/test_conformance.py",
    r".*\.(guid)\.": "the short address, which never changes",
    r".*wp:action-unfiltered-html": "no role is exempt from cleaning",
    r".*\.(focal_point|cms_\w+|content_hash)\b": "fields of ours",
    r".*\.sizes\.\w+\.(sources|filesize)": "other encoders, and newer formats beside them",
    r".*(version-history\[\]\.count|predecessor-version)": "the first text is a revision too",
    r".*\.(modified|modified_gmt)$": "when it was stored, not the date that it was given",
    r".*\.capabilities\.(manage_compliance|manage_policies|view_audit_trail)": "of the plugins",
    r".*\.(rendered_form|instance\.(encoded|hash))": "nothing is unserialised",
    r".*header link": "TMP",
    r".*header allow": "TMP",
}
_KNOWN = [(re.compile(pattern), why) for pattern, why in _ROWS.items() if why]


def reason_for(ask: Ask, one: Difference) -> str:
    """Why the two differ here, or nothing."""
    told = f"{ask.method} {ask.path} {one.where}"
    return next((why for pattern, why in _KNOWN if pattern.match(told)), "")
