"""A case that could happen: what would be decided, and by which policies. Nothing is done."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.database.work import UnitOfWork
from cms.errors import CapabilityMissing, InvalidInput
from cms.identity.granting import roles_of
from cms.kernel.actors import ActorKind, Method
from plugins.zero_trust.defaults import MANAGE_POLICIES
from plugins.zero_trust.explaining import ExplanationOut, QuestionIn, SubjectIn, explain
from plugins.zero_trust.screens.words import CHANNELS, FACTORS, KINDS, METHODS, OWN_REASONS, WORDS

_PATH = "/admin/policies/try"
_USUAL = {"kind": "person", "method": "session", "channel": "admin", "minutes": "0"}
_YES_OR_NO = {"yes": True, "no": False}


@screen(_PATH, action="policy.explain", resource="policy")
async def show_form(work: UnitOfWork, page: Page) -> Response[bytes]:
    """An empty case."""
    if not work.actor.has(MANAGE_POLICIES):
        raise CapabilityMissing(
            f"Policies are for people with the capability {MANAGE_POLICIES}.",
            action="policy.explain",
        )
    return _drawn(page, {**_USUAL, "action": page.request.query_params.get("action", "")}, ["pwd"])


@form(_PATH, action="policy.explain", resource="policy")
async def try_case(work: UnitOfWork, page: Page) -> Response[bytes]:
    """The verdict under the form, which keeps what was asked."""
    given, factors = dict(page.form.pairs()), page.form.all("factors")
    try:
        question = await _question(work, page)
    except InvalidInput as refused:
        return _drawn(page, given, factors, faults=refused.faults, status=422)
    return _drawn(page, given, factors, explanation=await explain(work, question))


def _drawn(
    page: Page,
    given: dict[str, str],
    chosen: list[str],
    *,
    faults: Any = None,
    explanation: ExplanationOut | None = None,
    status: int = 200,
) -> Response[bytes]:
    return page.render(
        "zero_trust/trying.html",
        status=status,
        given=given,
        chosen=chosen,
        faults=faults or {},
        explanation=explanation,
        actions=list(page.work.registry.actions),
        attributes=_attributes(page),
        own_reasons=OWN_REASONS,
        **WORDS,
    )


def _attributes(page: Page) -> list[str]:
    """What the use cases say of a thing, and can be said of one that does not exist."""
    declared = page.work.registry.each("policy_attributes")
    return sorted({one.name for one in declared if one.type == "Bool" and one.provide is None})


async def _question(work: UnitOfWork, page: Page) -> QuestionIn:
    sent, faults = page.form, dict[str, str]()
    action = sent.text("action")
    if action not in work.registry.actions:
        faults["action"] = "is none: choose one of the list"
    for name, known in (("kind", KINDS), ("method", METHODS), ("channel", CHANNELS)):
        if sent.text(name) not in known:
            faults[name] = "is to be chosen"
    minutes = sent.number("minutes")
    if minutes is None or not 0 <= minutes <= 10**7:
        faults["minutes"] = "must be a whole number"
    if faults or minutes is None:
        raise InvalidInput(faults)
    person = sent.number("user_id") or 0
    subject = SubjectIn(
        kind=ActorKind(sent.text("kind")),
        user_id=person,
        roles=tuple(await roles_of(work, person)) if person else tuple(sent.all("roles")),
        method=Method(sent.text("method")),
        factors=frozenset(sent.all("factors")) & frozenset(FACTORS),
        authenticated_seconds_ago=minutes * 60,
    )
    said = {
        name: _YES_OR_NO[value] for name, value in sent.below("is.").items() if value in _YES_OR_NO
    }
    return QuestionIn(
        action=action,
        resource_type=work.registry.actions[action].resource,
        resource_id=sent.number("resource_id"),
        attributes=said,
        subject=subject,
        channel=sent.text("channel"),
        ip=sent.text("ip") or None,
    )


TRYING_SCREENS: list[Any] = [show_form, try_case]
