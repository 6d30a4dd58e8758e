"""The workflows of the site, drawn as their stages, and which texts take which."""

from typing import Any

from litestar import Response

from cms.admin.page import Page
from cms.admin.routing import form, screen
from cms.admin.translating import N_
from cms.database.work import UnitOfWork
from cms.errors import InvalidInput, NotFound
from plugins.medical_review.articles.kinds import reviewed_types
from plugins.medical_review.quorum.rules import Risk
from plugins.medical_review.screens.said import show
from plugins.medical_review.workflows import keeping
from plugins.medical_review.workflows.keeping import BindingIn

WORKFLOWS = "/admin/reviews/workflows"

# What the capability of a seat is called on the page; another one is shown as it is written.
SEATS = {
    "approve_medical_content": N_("medical reviewers"),
    "approve_legal_content": N_("legal reviewers"),
}


@screen(WORKFLOWS, action="workflow.read", resource="workflow")
async def list_workflows(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Every workflow in its newest version, and the bindings."""
    return await _list(work, page, {})


async def _list(work: UnitOfWork, page: Page, faults: dict[str, str]) -> Response[bytes]:
    known = await keeping.known(work)
    newest: dict[str, keeping.Known] = {}
    for one in known:
        if one.slug not in newest or newest[one.slug].version < one.version:
            newest[one.slug] = one
    return show(
        page,
        "workflows",
        status=422 if faults else 200,
        workflows=list(newest.values()),
        bindings=await keeping.bindings(work),
        types=[
            (name, page.words.gettext(work.registry.post_types[name].label))
            for name in reviewed_types(work)
        ],
        risks=[risk.value for risk in Risk],
        may_bind=page.may("workflow.bind"),
        faults=faults,
        typed=page.form,
    )


@screen(f"{WORKFLOWS}/{{slug:str}}", action="workflow.read", resource="workflow")
async def show_workflow(
    work: UnitOfWork, page: Page, slug: str, version: int | None = None
) -> Response[bytes]:
    """One workflow, stage by stage: who, how many, in which order, until when."""
    versions = [one for one in await keeping.known(work) if one.slug == slug]
    found = [one for one in versions if version in (None, one.version)]
    if not found:
        raise NotFound("workflow", slug[:60])
    one = max(found, key=lambda known: known.version)
    return show(page, "workflow", one=one, versions=versions, seats=SEATS, risks=list(Risk))


@form(f"{WORKFLOWS}/bindings", action="workflow.bind", resource="workflow")
async def bind(work: UnitOfWork, page: Page) -> Response[bytes]:
    """Have texts of a type, specialty and risk take a workflow from now on."""
    sent = page.form
    kind = (sent.text("post_type"), sent.text("specialty"), sent.text("risk"))
    try:
        await keeping.bind(work, BindingIn(sent.text("workflow"), None, *kind))
    except InvalidInput as refused:
        return await _list(work, page, refused.faults)
    return page.redirect(WORKFLOWS, page.say("Such texts take this workflow from now on."))


@form(
    f"{WORKFLOWS}/bindings/{{binding_id:int}}/remove",
    action="workflow.bind",
    resource="workflow",
)
async def unbind(work: UnitOfWork, page: Page, binding_id: int) -> Response[bytes]:
    """Take a binding away; the next less specific one counts."""
    await keeping.unbind(work, binding_id)
    return page.redirect(WORKFLOWS, page.say("The binding is gone."))


WORKFLOW_SCREENS: list[Any] = [list_workflows, show_workflow, bind, unbind]
