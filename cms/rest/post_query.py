"""From the arguments of a collection of posts to what it asks of the database."""

from collections.abc import Mapping
from typing import Any

from cms.content.dates import parse
from cms.content.permissions import require
from cms.content.reading import PostQuery, TermFilter
from cms.content.statuses import Status
from cms.database.work import UnitOfWork
from cms.kernel.declarations import PostType, Taxonomy
from cms.markup.slugs import slug_of
from cms.rest import arguments
from cms.rest.arguments import Fault
from cms.rest.errors import RestError

_KNOWN = frozenset(Status)


def query_of(
    work: UnitOfWork, post_type: PostType, taxonomies: list[Taxonomy], wanted: dict[str, Any]
) -> PostQuery:
    """What the checked arguments ask for; refused are statuses and contexts that are not for this
    reader, and orders that lack what they order by."""
    edits = not work.actor.is_anonymous and work.actor.has(post_type.capability("edit"))
    require_context(edits, wanted["context"])
    offset = wanted.get("offset")
    return PostQuery(
        post_type,
        statuses=list_statuses(work, post_type, wanted["status"], edits),
        search=wanted.get("search", ""),
        authors=wanted.get("author", ()),
        authors_exclude=wanted.get("author_exclude", ()),
        include=wanted["include"],
        exclude=wanted["exclude"],
        # As slugs are made, so that a name in another script finds its percent-encoded form.
        slugs=[slug_of(one) or one for one in wanted.get("slug", ())],
        sticky=wanted.get("sticky"),
        terms=[_terms(wanted.get(t.rest_base)) for t in taxonomies],
        terms_exclude=[_terms(wanted.get(f"{t.rest_base}_exclude")) for t in taxonomies],
        any_of_terms=wanted.get("tax_relation") == "OR",
        parents=wanted.get("parent", ()),
        parents_exclude=wanted.get("parent_exclude", ()),
        menu_order=wanted.get("menu_order"),
        order_by=list_order(wanted),
        descending=wanted["order"] == "desc",
        limit=wanted["per_page"],
        offset=offset if offset is not None else (wanted["page"] - 1) * wanted["per_page"],
        working=wanted["context"] == "edit",
        **dates_of(work, wanted),
    )


def _terms(given: Any) -> TermFilter:
    if not isinstance(given, dict):
        return TermFilter(given or ())
    is_and = given.get("operator") == "AND"
    return TermFilter(given["terms"], is_and, given.get("include_children", False))


def dates_of(work: UnitOfWork, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The bounds in time that a list asks for, as the site's wall time."""
    return {
        name: parse(wanted[name], work.tenant.zone)[1]
        for name in ("after", "before", "modified_after", "modified_before")
        if name in wanted
    }


def list_statuses(
    work: UnitOfWork,
    post_type: PostType,
    wanted: list[str],
    edits: bool,
    free: frozenset[str] = frozenset({"publish"}),
) -> list[Status]:
    """The statuses that a list asks for; those that are not `free` are for people who may see
    such."""
    actor = work.actor
    allowed = free | {"private"} if actor.has(post_type.capability("read_private")) else free
    if not edits and not allowed.issuperset(wanted):
        status = 401 if actor.is_anonymous else 403
        fault = Fault("rest_forbidden_status", "Status is forbidden.", {"status": status})
        raise arguments.invalid({"status": fault})
    if "any" in wanted:
        unasked = {Status.TRASH.value, Status.AUTO_DRAFT.value}.difference(wanted)
        return [status for status in Status if status.value not in unasked]
    return [Status(name) for name in wanted if name in _KNOWN]


def list_order(wanted: Mapping[str, Any]) -> str:
    """By what a list is ordered."""
    order_by: str = wanted["orderby"]
    if order_by == "include" and not wanted["include"]:
        raise RestError(
            "rest_orderby_include_missing_include",
            "You need to define an include parameter to order by include.",
            400,
        )
    if order_by == "relevance" and not wanted.get("search"):
        raise RestError(
            "rest_no_search_term_defined",
            "You need to define a search term to order by relevance.",
            400,
        )
    return order_by


def require_context(allowed: bool, context: str) -> None:
    """Refuse the edit context unless allowed."""
    require(
        allowed or context != "edit",
        "post.context",
        "Sorry, you are not allowed to edit posts in this post type.",
    )
