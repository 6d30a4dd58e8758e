"""The links of a body to what its custom fields name, as ACF adds them: `acf:post` (of media
`acf:attachment`), `acf:term` and `acf:user`. All can be embedded."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request

from cms.fields.knowing import Loaded
from cms.fields.showing import Shown, references
from cms.fields.site_fields import SiteFields
from cms.fields.type import Reference
from cms.rest.shape import rest_url

_CURIES = "curies"


def of(
    request: Request[Any, Any, Any], site: SiteFields, subjects: Sequence[Shown], known: Loaded
) -> list[dict[str, Any]]:
    """The links of each subject, in the order of its fields, each target once. What this reader may
    not see, and what no route serves, is not linked to."""
    if not known:
        return [{} for _ in subjects]
    return [_links(request, references(site, [subject]), known) for subject in subjects]


def beside(links: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """The links of a body with those of its fields, before the word list, which stands last."""
    if not more:
        return dict(links)
    last = {_CURIES: links[_CURIES]} if _CURIES in links else {}
    return {**{name: one for name, one in links.items() if name != _CURIES}, **more, **last}


def _links(
    request: Request[Any, Any, Any], named: Mapping[Reference, None], known: Loaded
) -> dict[str, Any]:
    links: dict[str, dict[str, Any]] = {}
    for one in named:
        found = _target(one, known) if one.is_linked else None
        if found is not None:
            relation, route = found
            href = rest_url(request, route)
            links.setdefault(relation, {})[href] = {"embeddable": True, "href": href}
    return {relation: [*targets.values()] for relation, targets in links.items()}


def _target(one: Reference, known: Loaded) -> tuple[str, str] | None:
    """The relation and the route of what is named."""
    if one.kind == "post":
        post = known.post(one.id)
        if post is None or not (post.is_media or post.post_type.rest_controller == "posts"):
            return None
        relation = "acf:attachment" if post.is_media else "acf:post"
        return relation, f"/wp/v2/{post.post_type.rest_base}/{one.id}"
    if one.kind == "term":
        term = known.term(one.id)
        if term is None or term.taxonomy.rest_controller != "terms":
            return None
        return "acf:term", f"/wp/v2/{term.taxonomy.rest_base}/{one.id}"
    return ("acf:user", f"/wp/v2/users/{one.id}") if known.user(one.id) is not None else None
