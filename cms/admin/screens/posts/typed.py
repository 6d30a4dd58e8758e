"""What the form of a post shows: what is stored, or what somebody has typed and not saved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.admin.fields.sending import Sent
from cms.admin.forms import Form
from cms.admin.screens.posts.asking import taxonomies_of
from cms.admin.screens.posts.attributes import attributes_of, sent_attributes
from cms.admin.screens.posts.new_terms import NewTerms, make_new, sent_new
from cms.admin.sent import SentParts
from cms.content import autosaves
from cms.content.dates import parse
from cms.content.features import has
from cms.content.models import Autosave, Post, Revision
from cms.content.saving import Changes
from cms.database.work import UnitOfWork
from cms.fields.drafts import fields_of_site
from cms.fields.taking import Fields
from cms.fields.values import parts_of
from cms.kernel.declarations import PostType

# Inputs that are texts as they stand, with the field of a draft that each is.
_TEXTS = ("title", "content", "excerpt", "slug", "template")
_PLAIN = ("comment_status", "password")
# Which of them a type has only with a feature.
_NEEDS = {
    "title": "title",
    "content": "editor",
    "excerpt": "excerpt",
    "comment_status": "comments",
}


@dataclass(frozen=True)
class Typed:
    """Everything that the form holds, as it is shown. `base` is the hash of the text that the form
    was opened with; `date` the site's wall time, empty while it floats."""

    title: str = ""
    content: str = ""
    excerpt: str = ""
    slug: str = ""
    template: str = ""
    comment_status: str = "closed"
    password: str = ""
    featured_media: int | None = None
    author_id: int | None = None
    parent_id: int | None = None
    menu_order: int = 0
    is_sticky: bool = False
    date: str = ""
    terms: Mapping[str, Sequence[int]] = field(default_factory=dict)
    new_terms: Mapping[str, NewTerms] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    base: str = ""


def stored(
    work: UnitOfWork, post: Post, revision: Revision, unsaved: Autosave | None = None
) -> Typed:
    """The working text, with the properties that take effect at once. `unsaved`: with the words
    that somebody has typed and not saved in their place."""
    living = work.tenant.declared.living
    words = {name: getattr(unsaved, name) for name in autosaves.FIELDS} if unsaved else {}
    return Typed(
        **{**{name: getattr(revision, name) for name in _TEXTS}, **words},
        **{name: getattr(post, name) for name in _PLAIN},
        featured_media=revision.featured_media,
        author_id=revision.author_id,
        parent_id=post.parent_id,
        menu_order=post.menu_order,
        is_sticky=post.is_sticky,
        date="" if post.is_date_floating else post.date_local.strftime("%Y-%m-%dT%H:%M"),
        terms={name: living(ids) for name, ids in revision.terms.items()},
        attributes={
            one.name: revision.parts.get(one.part or "", {}).get(one.name, one.unset)
            for one in attributes_of(work, post.post_type)
        },
        base=revision.content_hash.hex(),
    )


def typed(work: UnitOfWork, post_type: PostType, form: Form, fields: Fields) -> Typed:
    """What the form sent."""
    texts = {name: form.raw(name) for name in (*_TEXTS, *_PLAIN) if form.has(name)}
    return Typed(
        **texts,
        featured_media=_last(form, "featured_media"),
        author_id=form.number("author"),
        parent_id=_last(form, "parent"),
        menu_order=form.number("menu_order") or 0,
        is_sticky=form.text("sticky") == "1",
        date=form.text("date"),
        terms=_terms(work, post_type, form),
        new_terms=sent_new(work, post_type, form),
        attributes=sent_attributes(work, post_type.name, form),
        fields=Sent(form, fields_of_site(work).types, work.actor).values(fields),
        base=form.text("base"),
    )


def _terms(work: UnitOfWork, post_type: PostType, form: Form) -> dict[str, list[int]]:
    names = [one.name for one in taxonomies_of(work, post_type)]
    return {name: form.numbers(f"in.{name}") for name in names if form.has(f"in.{name}")}


def _last(form: Form, name: str) -> int | None:
    """What was chosen last: a number that is typed replaces what was ticked."""
    return next(reversed(form.numbers(name)), None)


async def changes(
    work: UnitOfWork,
    post_type: PostType,
    form: Form,
    now: Typed,
    before: Revision | None = None,
) -> Changes:
    """What is to be saved: what the form held, and nothing that it did not. Of terms, that there
    are none where there were none says nothing."""
    versioned: dict[str, Any] = {
        name: getattr(now, name)
        for name in _TEXTS
        if form.has(name) and has(post_type, _NEEDS.get(name, "")) | (name not in _NEEDS)
    }
    if before is not None:
        # Forms know one kind of line end; a text that came with another keeps it unless it changed.
        versioned = {
            name: getattr(before, name) if _is_same(getattr(before, name), value) else value
            for name, value in versioned.items()
        }
    filed = before.terms if before else {}
    terms = {name: [*ids] for name, ids in now.terms.items() if ids or filed.get(name)}
    for name, made in (await make_new(work, now.new_terms)).items():
        terms[name] = list(dict.fromkeys([*terms.get(name, ()), *made]))
    if terms:
        versioned["terms"] = terms
    if form.has("featured_media"):
        versioned["featured_media"] = now.featured_media
    if form.has("author") and now.author_id:
        versioned["author_id"] = now.author_id
    date, faults = _date(work, form, now)
    own = _attributes(work, post_type, now)
    stored_parts = before.parts if before else {}
    sent = await work.shape(SentParts(post_type.name, form, stored_parts, own))
    return Changes(
        versioned,
        {**sent.parts, **parts_of(now.fields)},
        {**_immediate(post_type, form, now), **date},
        faults=faults,
    )


def _is_same(was: Any, now: Any) -> bool:
    return isinstance(was, str) and was.replace("\r\n", "\n") == now


def _immediate(post_type: PostType, form: Form, now: Typed) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: getattr(now, name)
        for name in _PLAIN
        if form.has(name) and (name not in _NEEDS or has(post_type, _NEEDS[name]))
    }
    if form.has("has.sticky"):
        found["is_sticky"] = now.is_sticky
    if form.has("menu_order"):
        found["menu_order"] = now.menu_order
    if form.has("parent"):
        found["parent_id"] = now.parent_id
    return found


def _attributes(work: UnitOfWork, post_type: PostType, now: Typed) -> dict[str, dict[str, Any]]:
    parts: dict[str, dict[str, Any]] = {}
    for one in attributes_of(work, post_type.name):
        if one.part is not None and one.name in now.attributes:
            parts.setdefault(one.part, {})[one.name] = now.attributes[one.name]
    return parts


def _date(work: UnitOfWork, form: Form, now: Typed) -> tuple[dict[str, Any], dict[str, str]]:
    """The date as a post keeps it. Sent back as it was shown, to the minute, it changes nothing."""
    if not form.has("date") or now.date == form.text("date.was"):
        return {}, {}
    if not now.date:
        return {"is_date_floating": True, "date_gmt": None}, {}
    try:
        gmt, local = parse(now.date, work.tenant.zone)
    except ValueError:
        return {}, {"date": "must be a date and a time such as 2026-11-21T08:00"}
    return {"date_gmt": gmt, "date_local": local, "is_date_floating": False}, {}
