"""The JSON schema of posts, revisions and autosaves, as WordPress describes them to its clients."""

from collections.abc import Mapping
from typing import Any

from cms.content.features import has
from cms.content.formats import FORMATS
from cms.kernel.declarations import MetaKey, PostType, RestField, Taxonomy
from cms.rest.post_arguments import WRITABLE_STATUSES

Schema = dict[str, Any]

_ALL, _ITEM, _EDIT = ["view", "edit", "embed"], ["view", "edit"], ["edit"]
_DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def _field(about: str, kind: Any, context: list[str], **more: Any) -> Schema:
    return {"description": about, "type": kind, "context": context, **more}


def _fixed(about: str, kind: Any, context: list[str], **more: Any) -> Schema:
    return _field(about, kind, context, readonly=True, **more)


def _object(about: str, context: list[str], properties: Mapping[str, Any]) -> Schema:
    return {**_field(about, "object", context), "properties": dict(properties)}


def _date(about: str, context: list[str], **more: Any) -> Schema:
    return {"format": "date-time", **_field(about, more.pop("type", "string"), context, **more)}


def _guid() -> Schema:
    properties = {
        "raw": _fixed("As it is stored.", "string", _EDIT),
        "rendered": _fixed("As it is shown.", "string", _ITEM),
    }
    return {**_object("An identifier that never changes.", _ITEM, properties), "readonly": True}


def _title() -> Schema:
    properties = {
        "raw": _field("As it is stored.", "string", _EDIT),
        "rendered": _fixed("As HTML.", "string", _ALL),
    }
    return _object("The title.", _ALL, properties)


def _content() -> Schema:
    properties = {
        "raw": _field("As it is stored.", "string", _EDIT),
        "rendered": _fixed("As HTML.", "string", _ITEM),
        "block_version": _fixed("Of the format of its blocks.", "integer", _EDIT),
        "protected": _fixed("Whether a password protects it.", "boolean", _ALL),
    }
    return _object("The text.", _ITEM, properties)


def _excerpt() -> Schema:
    properties = {
        "raw": _field("As it is stored.", "string", _EDIT),
        "rendered": _fixed("As HTML.", "string", _ALL),
        "protected": _fixed("Whether a password protects it.", "boolean", _ALL),
    }
    return _object("The summary.", _ALL, properties)


def post_schema(
    post_type: PostType,
    taxonomies: list[Taxonomy],
    fields: list[RestField],
    meta_keys: list[MetaKey],
) -> Schema:
    """What a post of the type holds, in which contexts; and what may be done to it, as links."""
    properties = {
        **_common(),
        **_of_features(post_type),
        **{t.rest_base: _terms(t) for t in taxonomies},
        **{f.name: {**f.schema, "context": list(f.contexts)} for f in fields},
    }
    if has(post_type, "custom-fields"):
        keys = {key.name: dict(key.schema) for key in meta_keys}
        properties["meta"] = _object("Registered meta values.", _ITEM, keys)
    return {
        "$schema": _DRAFT_4,
        "title": post_type.name,
        "type": "object",
        "properties": properties,
        "links": _links(post_type, taxonomies),
    }


def _common() -> Schema:
    nullable = ["string", "null"]
    statuses = {"enum": WRITABLE_STATUSES}
    return {
        "date": _date("When it is published, at the site.", _ALL, type=nullable),
        "date_gmt": _date("When it is published, in UTC.", _ITEM, type=nullable),
        "guid": _guid(),
        "id": _fixed("Its number.", "integer", _ALL),
        "link": _fixed("Its address on the site.", "string", _ALL, format="uri"),
        "modified": _date("When it was last changed, at the site.", _ITEM, readonly=True),
        "modified_gmt": _date("When it was last changed, in UTC.", _ITEM, readonly=True),
        "slug": _field("Its name in its address.", "string", _ALL),
        "status": _field("Its status.", "string", _ITEM, **statuses),
        "type": _fixed("Its type.", "string", _ALL),
        "password": _field("What protects its text.", "string", _EDIT),
        "permalink_template": _fixed("Its address with a place for the name.", "string", _EDIT),
        "generated_slug": _fixed("The name that its title would give.", "string", _EDIT),
        "cms_schedule": _fixed("When it is published, as whom, and what refused.", "object", _EDIT),
        "template": _field("What the front end shows it with.", "string", _ITEM),
    }


def _of_features(post_type: PostType) -> Schema:
    opened = {"enum": ["open", "closed"]}
    by_feature: dict[str, Schema] = {
        "title": {"title": _title()},
        "editor": {"content": _content()},
        "excerpt": {"excerpt": _excerpt()},
        "author": {"author": _field("Who wrote it.", "integer", _ALL)},
        "thumbnail": {"featured_media": _field("Its picture.", "integer", _ALL)},
        "comments": {
            "comment_status": _field("Whether it takes comments.", "string", _ITEM, **opened),
            "ping_status": _field("Whether it takes pings.", "string", _ITEM, **opened),
        },
        "page-attributes": {"menu_order": _field("Its place among others.", "integer", _ITEM)},
        "post-formats": {"format": _field("Its format.", "string", _ITEM, enum=FORMATS)},
    }
    shown: Schema = {}
    for feature, properties in by_feature.items():
        if has(post_type, feature):
            shown |= properties
    if post_type.is_hierarchical:
        shown["parent"] = _field("The post above it.", "integer", _ITEM)
    if post_type.has_sticky:
        shown["sticky"] = _field("Whether it is kept on top.", "boolean", _ITEM)
    return shown


def _terms(taxonomy: Taxonomy) -> Schema:
    about = f"The terms of {taxonomy.name} that it is filed under."
    return _field(about, "array", _ITEM, items={"type": "integer"})


def _links(post_type: PostType, taxonomies: list[Taxonomy]) -> list[Schema]:
    targets = {"publish": "status", "unfiltered-html": "content"}
    if post_type.has_sticky:
        targets["sticky"] = "sticky"
    if has(post_type, "author"):
        targets["assign-author"] = "author"
    for taxonomy in taxonomies:
        base = taxonomy.rest_base
        targets |= {f"assign-{base}": base, f"create-{base}": base}
    href = f"/wp/v2/{post_type.rest_base}/{{id}}"
    return [
        {
            "rel": f"https://api.w.org/action-{action}",
            "href": href,
            "targetSchema": {"type": "object", "properties": {target: {}}},
        }
        for action, target in targets.items()
    ]


def revision_schema(post_type: PostType, *, is_autosave: bool = False) -> Schema:
    """What a revision or an autosave of a post of the type holds."""
    properties: Schema = {
        "author": _field("Who wrote it.", "integer", _ALL),
        "date": _date("When it was written, at the site.", _ALL),
        "date_gmt": _date("When it was written, in UTC.", _ITEM),
        "guid": _guid(),
        "id": _field("Its number.", "integer", _ALL),
        "modified": _date("When it was last changed, at the site.", _ITEM),
        "modified_gmt": _date("When it was last changed, in UTC.", _ITEM),
        "parent": _field("The post that it is of.", "integer", _ALL),
        "slug": _field("Its name.", "string", _ALL),
    }
    texts = (("title", "title", _title), ("editor", "content", _content))
    for feature, name, made in (*texts, ("excerpt", "excerpt", _excerpt)):
        if has(post_type, feature):
            properties[name] = made()
    if is_autosave:
        properties["preview_link"] = _fixed("Where to look at it.", "string", _EDIT, format="uri")
    else:
        properties["content_hash"] = _fixed("What an approval names.", "string", _ALL)
    return {
        "$schema": _DRAFT_4,
        "title": f"{post_type.name}-revision",
        "type": "object",
        "properties": properties,
    }
