"""Post object, page link, relationship, taxonomy, user: values that name other things."""

import re
from typing import Any

from cms.fields.acf_forms import post_row, term_row, user_array, user_row
from cms.fields.field import Field
from cms.fields.known import KnownPost, KnownTerm, KnownUser
from cms.fields.type import Known, Setting, Showing, Taking, Types
from cms.fields.types.naming import (
    ALLOW_NULL,
    BIDIRECTIONAL,
    MAX,
    MIN,
    MULTIPLE,
    NO,
    NONE_CHOSEN,
    YES,
    Naming,
    each,
    format_setting,
    number_of,
)

POST_TYPES = Setting("post_type", NONE_CHOSEN, "Filter by post type")
TERMS = Setting("taxonomy", NONE_CHOSEN, "Filter by taxonomy")
OBJECT_OR_ID = format_setting("object", "id", default="object")
_FILTERS: dict[str, Any] = {"type": "array", "default": ["search", "post_type", "taxonomy"]}
_SEARCH = "/wp-json/wp/v2/search"
_MEDIA = "/wp-json/wp/v2/media"
# An address of the web, or a path of this site; nothing that a browser would run.
_ADDRESS = re.compile(r"(?:https?://[^\s<>\"'\\]+|/(?![/\\])[^\s<>\"'\\]*)")
_LONGEST_ADDRESS = 2_000


class Posts(Naming):
    """Types whose values are posts of some types, filed under some terms."""

    category = "relational"

    def check_one(
        self, field: Field, found: KnownPost, known: Known, taking: Taking, path: str
    ) -> None:
        types = field.setting("post_type")
        if types and found.post_type.name not in types:
            message = f"must be of the type {' or '.join(types)}, not {found.post_type.name}"
            taking.faults.add(path, "post_type", message, found.id)
        wanted = field.setting("taxonomy")
        if wanted and not any(_is_filed(found, one, known) for one in wanted):
            message = f"must be filed under {' or '.join(map(str, wanted))}"
            taking.faults.add(path, "taxonomy", message, found.id)

    def standard_of(self, field: Field, found: KnownPost, showing: Showing) -> Any:
        if field.setting("return_format") == "id":
            return found.id
        return post_row(found, showing.site)

    def typed_of(self, found: KnownPost, showing: Showing) -> dict[str, Any]:
        return {
            "id": found.id,
            "type": found.post_type.name,
            "title": found.title,
            "link": f"{showing.site}{found.path}",
        }

    def source(self, field: Field) -> dict[str, Any]:
        types = field.setting("post_type")
        limits = {"taxonomy": field.setting("taxonomy")} if field.setting("taxonomy") else {}
        if types == ["attachment"]:
            found = {"endpoint": _MEDIA, "arguments": {}, "title": "title.rendered"}
        else:
            arguments = {"type": "post", **({"subtype": types} if types else {})}
            found = {"endpoint": _SEARCH, "arguments": arguments, "title": "title"}
        return {**found, "search": "search", "id": "id", **limits}


def _is_filed(found: KnownPost, wanted: Any, known: Known) -> bool:
    """Whether the post is filed under a term, written as ACF does: `category:news`; or with the
    number of the term in the place of its name."""
    taxonomy, _, name = str(wanted).partition(":")
    for number in found.terms.get(taxonomy, ()):
        term = known.term(number)
        if term is not None and (term.term.slug == name or str(number) == name):
            return True
    return False


class PostObject(Posts):
    """One post, or several."""

    name, label = "post_object", "Post Object"
    settings = (
        POST_TYPES, TERMS, ALLOW_NULL, MULTIPLE, OBJECT_OR_ID,
        Setting("ui", YES, "Stylized"), BIDIRECTIONAL,
    )  # fmt: skip


class Relationship(Posts):
    """Several posts in an order."""

    name, label = "relationship", "Relationship"
    settings = (
        POST_TYPES, TERMS, MIN, MAX,
        Setting("filters", _FILTERS, "Filters"),
        Setting("elements", NONE_CHOSEN, "Elements"), OBJECT_OR_ID, BIDIRECTIONAL,
    )  # fmt: skip

    def is_list(self, field: Field) -> bool:
        return True

    def widget(self, field: Field) -> dict[str, Any]:
        shown = {name: field.setting(name) for name in ("filters", "elements")}
        return {**super().widget(field), **shown}


class PageLink(Posts):
    """The address of a post, or of an archive, which stands as it is written."""

    name, label = "page_link", "Page Link"
    settings = (
        POST_TYPES, TERMS, ALLOW_NULL, MULTIPLE,
        Setting("allow_archives", YES, "Allow addresses of archives"),
    )  # fmt: skip

    def take_one(self, field: Field, value: Any, taking: Taking, path: str) -> Any:
        number = number_of(value)
        if number is not None:
            return number
        if isinstance(value, dict):
            # The typed form of an archive.
            value = value.get("link")
        is_address = (
            isinstance(value, str)
            and len(value) <= _LONGEST_ADDRESS
            and _ADDRESS.fullmatch(value) is not None
        )
        if is_address and field.setting("allow_archives"):
            return value
        also = " or an address such as https://clinica.example/artigos/"
        message = f"must be the id of a post{also if field.setting('allow_archives') else ''}"
        taking.faults.add(path, "type", message, value)
        return None

    def shown(self, value: Any, showing: Showing) -> list[Any]:
        found = (
            one if isinstance(one, str) else self.find(one, showing.known) for one in each(value)
        )
        return [one for one in found if one is not None]

    def standard_of(self, field: Field, found: Any, showing: Showing) -> str:
        return found if isinstance(found, str) else f"{showing.site}{found.path}"

    def typed_of(self, found: Any, showing: Showing) -> dict[str, Any]:
        if isinstance(found, str):
            return {"id": None, "type": "archive", "title": "", "link": found}
        return super().typed_of(found, showing)

    def typed_item(self) -> dict[str, Any]:
        item = super().typed_item()
        item["properties"]["id"] = {"type": ["integer", "null"]}
        return item

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        described = super().schema(field, types)
        either = {"type": ["integer", "string"]}
        return {**described, "type": ["integer", "array", "null", "string"], "items": either}

    def widget(self, field: Field) -> dict[str, Any]:
        return {**super().widget(field), "allow_archives": field.setting("allow_archives")}


class TaxonomyTerms(Naming):
    """Terms of one taxonomy. A value is always kept as a list."""

    name, label, category = "taxonomy", "Taxonomy", "relational"
    kind, thing = "term", "term"
    settings = (
        Setting("taxonomy", {"type": "string", "default": "category"}, "Taxonomy"),
        Setting(
            "field_type",
            {
                "type": "string",
                "enum": ["checkbox", "multi_select", "radio", "select"],
                "default": "checkbox",
            },
            "Appearance",
        ),
        MULTIPLE,
        ALLOW_NULL,
        Setting("add_term", YES, "Create terms"),
        Setting("load_terms", NO, "Load terms"),
        Setting("save_terms", NO, "Save terms"),
        format_setting("id", "object", default="id"),
        BIDIRECTIONAL,
    )

    def is_list(self, field: Field) -> bool:
        return field.setting("field_type") in {"checkbox", "multi_select"}

    def is_stored_as_list(self, field: Field) -> bool:
        return True

    def find(self, number: int, known: Known) -> Any:
        return known.term(number)

    def check_one(
        self, field: Field, found: KnownTerm, known: Known, taking: Taking, path: str
    ) -> None:
        wanted = field.setting("taxonomy")
        if wanted and found.taxonomy.name != wanted:
            message = f"must be a term of {wanted}, not of {found.taxonomy.name}"
            taking.faults.add(path, "taxonomy", message, found.term.id)

    def light(self, field: Field, value: Any, showing: Showing) -> Any:
        return value if self.is_list(field) or not value else value[0]

    def standard_of(self, field: Field, found: KnownTerm, showing: Showing) -> Any:
        return found.term.id if field.setting("return_format") == "id" else term_row(found)

    def typed_of(self, found: KnownTerm, showing: Showing) -> dict[str, Any]:
        return {
            "id": found.term.id,
            "type": found.taxonomy.name,
            "title": found.term.name,
            "link": f"{showing.site}{found.path}",
        }

    def source(self, field: Field) -> dict[str, Any]:
        arguments = {"type": "term", "subtype": [field.setting("taxonomy")]}
        return {
            "endpoint": _SEARCH,
            "arguments": arguments,
            "search": "search",
            "id": "id",
            "title": "title",
        }

    def widget(self, field: Field) -> dict[str, Any]:
        shown = {name: field.setting(name) for name in ("taxonomy", "field_type", "add_term")}
        return {**super().widget(field), **shown}


class Users(Naming):
    """Somebody of the site, or several people."""

    name, label, category = "user", "User", "relational"
    kind, thing = "user", "user"
    settings = (
        Setting("role", NONE_CHOSEN, "Filter by role"),
        MULTIPLE,
        ALLOW_NULL,
        format_setting("array", "object", "id", default="array"),
        BIDIRECTIONAL,
    )

    def find(self, number: int, known: Known) -> Any:
        return known.user(number)

    def check_one(
        self, field: Field, found: KnownUser, known: Known, taking: Taking, path: str
    ) -> None:
        wanted = field.setting("role")
        if wanted and not set(wanted) & set(found.roles):
            message = f"must be somebody with the role {' or '.join(map(str, wanted))}"
            taking.faults.add(path, "role", message, found.user.id)

    def standard_of(self, field: Field, found: KnownUser, showing: Showing) -> Any:
        how = field.setting("return_format")
        if how == "id":
            return found.user.id
        return user_row(found) if how == "object" else user_array(found)

    def typed_of(self, found: KnownUser, showing: Showing) -> dict[str, Any]:
        return {
            "id": found.user.id,
            "type": "user",
            "title": found.user.display_name,
            "link": f"{showing.site}{found.path}",
        }

    def source(self, field: Field) -> dict[str, Any]:
        roles = field.setting("role")
        return {
            "endpoint": "/wp-json/wp/v2/users",
            "arguments": {"roles": roles} if roles else {},
            "search": "search",
            "id": "id",
            "title": "name",
        }


TYPES = (PostObject(), PageLink(), Relationship(), TaxonomyTerms(), Users())
