"""/review-invitation: the page that a link in a letter leads to, for a reviewer without an account.

The link's secret stands in the fragment, which no server sees; a small script puts it into a form.
Without scripts it is pasted. From then on it travels in bodies, and no address has it.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response

from cms.admin.mounting import templates_of
from cms.admin.rendering import Templates
from cms.admin.translating import ENGLISH, language_of
from cms.api import themed
from cms.api.known_errors import as_cms_error
from cms.api.routing import get, open_get, post
from cms.database.work import UnitOfWork
from cms.errors import CmsError, InvalidInput, PolicyDenied, TransitionRefused
from cms.rest.shape import site_url, uploads_url
from cms.site import chrome
from cms.site.themes import stored
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.inviting import guests
from plugins.medical_review.inviting.page_words import words
from plugins.medical_review.inviting.secrets import InvitationRefused, inside
from plugins.medical_review.reviewing.deciding import Said

Asked = Request[Any, Any, Any]
Facts = dict[str, Any]

ADDRESS, SCRIPT = "/review-invitation", "/review-invitation.js"
FILES = Path(__file__).parent / "page_files"
# What of the medical part somebody has to see before she puts her name to it, as plain values.
_FACTS = (
    "evidence_level",
    "medical_keywords",
    "funding",
    "conflict_of_interest",
    "sponsor",
)


def told(request: Asked, raised: Exception) -> Response[bytes]:
    """What went wrong, outside of the unit of work that it has ended: a way back, and nothing of
    the text."""
    error = as_cms_error(request, raised)
    work: UnitOfWork | None = request.state.get("work")
    if work is None:  # no site answers to this name, so there is no page of one
        return Response(error.message.encode(), status_code=error.status, media_type="text/plain")
    given: dict[str, str] = request.state.get("given", {})
    w = words(work.tenant.language)
    # Who holds no valid link is told no more than that, and begins anew.
    has_link = bool(given.get("content_hash")) and inside(given.get("token", "")) is not None
    stage = "failed" if has_link else "closed"
    message = in_words(templates_of(request.app.state.host.registry), work.tenant.language, error)
    said = f"{w['failed']}. {message}" if has_link else message
    return _page(request, work, stage, said, given=given, is_fault=True, status=error.status)


def in_words(templates: Templates, language: str, error: CmsError) -> str:
    """The error in the language of the page. What nobody has translated is told in general words,
    never in a language that she may not read."""
    w, known = words(language), templates.words(language_of([language]))

    def say(text: str) -> str:
        said = known.told(text)
        return said if said != text or known.language == ENGLISH else w["error.other"]

    if isinstance(error, InvalidInput):
        faults = [w.get(f"fault.{name}") or say(fault) for name, fault in error.faults.items()]
        return " ".join(dict.fromkeys(faults))
    if isinstance(error, TransitionRefused):
        return " ".join(f"{say(one.message)} {say(one.remedy)}" for one in error.objections)
    # What stands in the way of whom is nothing for the holder of a link.
    slug = "refused" if isinstance(error, (InvitationRefused, PolicyDenied)) else error.slug
    return w.get(f"error.{slug}") or (
        w["error.internal"] if error.status >= 500 else say(error.message)
    )


_ANSWERS: Any = {"exception_handlers": {Exception: told}, "include_in_schema": False}


@get(ADDRESS, action="site.visit", resource="site", **_ANSWERS)
async def show_door(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """Where the letter leads: nothing of the text, only the way to it."""
    return _page(request, work, "closed")


@post(ADDRESS, action="invitation.read", resource="invitation", status_code=200, **_ANSWERS)
async def show_text(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """The one text of the link, with the way to a code and the form that signs."""
    given = await _given(request)
    return await _text(request, work, given)


@post(
    f"{ADDRESS}/code", action="invitation.code", resource="invitation", status_code=200, **_ANSWERS
)
async def send_code(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """Have a code sent, and show the text again."""
    given = await _given(request)
    await guests.ask_code(work, given["token"])
    said = words(work.tenant.language)["code.sent"]
    return await _text(request, work, given, said)


@post(
    f"{ADDRESS}/decision",
    action="invitation.decide",
    resource="invitation",
    status_code=200,
    **_ANSWERS,
)
async def decide(request: Asked, work: UnitOfWork) -> Response[bytes]:
    """Her decision with her signature: the code, the registration, the sentence that she marked."""
    given = await _given(request)
    w = words(work.tenant.language)
    if given.get("signed") != "yes":
        raise InvalidInput({"signed": w["fault.signed"]})
    if not given.get("registration", "").strip():
        raise InvalidInput({"registration": w["fault.registration"]})
    # Browsers send line ends as they are on paper; what is signed has one sign for each.
    comment = given.get("comment", "").replace("\r\n", "\n")
    said = Said(given.get("verdict", ""), comment, given.get("content_hash", ""))
    code, registration = given.get("code", ""), given["registration"]
    made = await guests.decide(work, given["token"], code, said, registration)
    thanks = w["approved"] if made.verdict == "approve" else w["sent_back"]
    done = w["done"].format(name=made.reviewer_name, at=_at(work, made.decided_at))
    return _page(request, work, "done", f"{thanks} {done}")


async def _given(request: Asked) -> dict[str, str]:
    """The fields of the form; the secret may have come as the whole link."""
    form = await request.form()
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    given["token"] = inside(given.get("token", "")) or ""
    request.state.given = given
    return given


async def _text(
    request: Asked, work: UnitOfWork, given: dict[str, str], message: str = ""
) -> Response[bytes]:
    shown = await guests.opened(work, given["token"])
    facts: Facts = {
        "text": _facts(shown, words(work.tenant.language)),
        "until": _at(work, shown.invitation.expires_at),
        "is_sent": shown.invitation.code_sent_at is not None,
    }
    return _page(request, work, "open", message, given=given, **facts)


def _cited(entry: Facts) -> list[str]:
    named = (("", "title"), ("doi:", "doi"), ("PMID ", "pmid"))
    return [f"{prefix}{entry[name]}" for prefix, name in named if entry.get(name)]


def _facts(shown: guests.Shown, w: Mapping[str, str]) -> Facts:
    revision, rendering = shown.revision, shown.rendering
    medical = revision.parts.get(PART, {})
    audience = medical.get("target_audience")
    plain = [("audience", w.get(audience, audience)), *((n, medical.get(n)) for n in _FACTS)]
    listed = [(name, ", ".join(v) if isinstance(v, list) else v) for name, v in plain if v]
    html = [("excerpt", rendering.excerpt), ("disclaimer", medical.get("medical_disclaimer", ""))]
    # A text that cites them shows its own list.
    is_listed = 'class="cms-references"' in rendering.content
    references = [] if is_listed else medical.get("scientific_references") or []
    return {
        "language": revision.language.replace("_", "-"),
        "hash": revision.content_hash.hex(),
        "title": stored(rendering.title),
        "content": stored(rendering.content),
        "facts": [*((name, stored(value)) for name, value in html if value), *listed],
        "references": [" ".join(_cited(one)) for one in references],
    }


def _page(
    request: Asked,
    work: UnitOfWork,
    stage: str,
    message: str = "",
    *,
    status: int = 200,
    **more: Any,
) -> Response[bytes]:
    theme = themed.theme_of(work, FILES)
    where = chrome.Where(site_url(request), uploads_url(request))
    facts = {
        **chrome.bare(work, theme, where),
        "w": words(work.tenant.language),
        "stage": stage,
        "message": message,
        "is_fault": False,
        "given": {},
        "text": None,
        "script": f"{SCRIPT}?{_script()[1]}",
        **more,
    }
    facts["token"] = facts["given"].get("token", "")
    headers = {
        **themed.security(request, script_src="'self'", frame_ancestors="'none'"),
        **themed.PRIVATE,
    }
    return themed.page(
        request, theme, "review-invitation.html", facts, status=status, headers=headers
    )


def _at(work: UnitOfWork, moment: Any) -> str:
    return f"{moment.astimezone(work.tenant.zone):%d/%m/%Y %H:%M} ({work.tenant.timezone})"


@cache
def _script() -> tuple[bytes, str]:
    body = (FILES / "review-invitation.js").read_bytes()
    return body, hashlib.sha256(body).hexdigest()[:12]


@open_get(
    SCRIPT,
    because="The script that reads a fragment is the same for every site.",
    include_in_schema=False,
)
async def serve_script() -> Response[bytes]:
    headers = {"Cache-Control": themed.FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return Response(_script()[0], headers=headers, media_type="text/javascript")


pages = [show_door, show_text, send_code, decide, serve_script]
