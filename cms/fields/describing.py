"""What a program needs to draw forms: groups with all defaults, forms, and the types' contracts."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cms.fields.field import Field, Group, Layout
from cms.fields.group_settings import FIELD_SETTINGS, GROUP_SETTINGS
from cms.fields.locations import OPERATORS, PARAMETERS
from cms.fields.rights import may_write, visible_fields
from cms.fields.type import Catalogue, FieldType, Setting
from cms.kernel.actors import Actor

# Settings that say the same as keys of the form itself.
_INNER = frozenset({"sub_fields", "layouts"})


def resolved(group: Group, types: Catalogue) -> dict[str, Any]:
    """The definition with every default written out and every value in its type."""
    own: dict[str, Any] = {
        "key": group.key,
        "title": group.title,
        "fields": [_resolved_field(one, types) for one in group.fields],
        "location": [
            [
                {"param": rule.param, "operator": rule.operator, "value": rule.value}
                for rule in rules
            ]
            for rules in group.location
        ],
        **group.settings,
    }
    return {**own, **_unknown(group.definition, own)}


def _resolved_field(field: Field, types: Catalogue) -> dict[str, Any]:
    said = field.definition
    own: dict[str, Any] = {
        "key": field.key,
        "label": field.label,
        "name": field.name,
        "aria-label": str(said.get("aria-label") or ""),
        "type": field.type,
        "instructions": str(said.get("instructions") or ""),
        "required": field.is_required,
        "conditional_logic": _conditions(field) or False,
        "wrapper": wrapper(field),
        **{one.name: field.setting(one.name) for one in types[field.type].settings},
    }
    if field.source is not None:
        own["source"] = ".".join(field.source)
    if field.sub_fields:
        own["sub_fields"] = [_resolved_field(one, types) for one in field.sub_fields]
    if field.layouts:
        own["layouts"] = [
            {**_layout(one), "sub_fields": [_resolved_field(f, types) for f in one.sub_fields]}
            for one in field.layouts
        ]
    return {**own, **_unknown(said, own)}


def _unknown(definition: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in definition.items() if name not in known}


def form(group: Group, types: Catalogue, actor: Actor) -> dict[str, Any]:
    """All that is needed to draw the group and to send back what was typed into it, with the fields
    that this actor may see; those that she may not change are read-only."""
    seen = visible_fields(actor, {one.key: (one, group) for one in group.fields}, edits=True)

    def is_open(field: Field) -> bool:
        return may_write(actor, field, group)

    shown = (
        "position", "style", "label_placement", "instruction_placement", "hide_on_screen",
        "description", "display_title", "medical_context", "compliance_level",
    )  # fmt: skip
    return {
        "key": group.key,
        "title": group.title,
        "version": group.version,
        **{name: group.settings.get(name) for name in shown},
        "fields": [_form_field(one, types, is_open) for one, _ in seen.values()],
    }


def _form_field(field: Field, types: Catalogue, is_open: Callable[[Field], bool]) -> dict[str, Any]:
    """One field of a form: what stands beside it, when it shows, its widget, and the schema of the
    value that it gives."""
    kind, said = types[field.type], field.definition
    drawn: dict[str, Any] = {
        "key": field.key,
        "name": field.name,
        "label": field.label,
        "aria_label": str(said.get("aria-label") or ""),
        "type": field.type,
        "instructions": str(said.get("instructions") or ""),
        "required": field.is_required,
        "read_only": not is_open(field),
        "conditional_logic": _conditions(field),
        "wrapper": wrapper(field),
        "widget": kind.widget(field),
        "settings": {
            one.name: field.setting(one.name) for one in kind.settings if one.name not in _INNER
        },
    }
    if kind.has_value:
        drawn["schema"] = kind.typed_schema(field, types)
    if field.sub_fields:
        drawn["sub_fields"] = [_form_field(one, types, is_open) for one in field.sub_fields]
    if field.layouts:
        drawn["layouts"] = [
            {**_layout(one), "sub_fields": [_form_field(f, types, is_open) for f in one.sub_fields]}
            for one in field.layouts
        ]
    return drawn


def wrapper(field: Field) -> dict[str, str]:
    """Width in per cent, class and id of what stands around the field; empty for none."""
    said = field.definition.get("wrapper")
    said = said if isinstance(said, Mapping) else {}
    return {name: str(said.get(name) or "") for name in ("width", "class", "id")}


def _conditions(field: Field) -> list[list[dict[str, Any]]]:
    return [
        [{"field": one.field, "operator": one.operator, "value": one.value} for one in rules]
        for rules in field.conditions
    ]


def _layout(layout: Layout) -> dict[str, Any]:
    return {name: getattr(layout, name) for name in ("key", "name", "label", "min", "max")}


def contract(types: Catalogue, brought_by: Mapping[str, str]) -> dict[str, Any]:
    """Every type with its settings and the widget of a field that says nothing of itself; what all
    fields, all groups and all rules of location have in common. `brought_by` names the plugin of
    each type."""
    return {
        "types": [
            {**_contract_of(one), "source": brought_by.get(one.name, "core")} for one in types
        ],
        "field_settings": _settings(FIELD_SETTINGS),
        "group_settings": _settings(GROUP_SETTINGS),
        "location": [
            {
                "param": one.name,
                "label": one.label,
                "category": one.category,
                "kind": one.kind,
                "operators": list(OPERATORS),
            }
            for one in PARAMETERS.values()
        ],
    }


def _contract_of(kind: FieldType) -> dict[str, Any]:
    settings = {one.name: one.default for one in kind.settings}
    blank = Field("field_blank", "blank", kind.label, kind.name, settings=settings)
    return {
        "name": kind.name,
        "label": kind.label,
        "category": kind.category,
        "is_pro": kind.is_pro,
        "has_value": kind.has_value,
        "settings": _settings(kind.settings),
        "widget": kind.widget(blank),
    }


def _settings(settings: Iterable[Setting]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "label": one.label or one.name.replace("_", " ").capitalize(),
            "schema": dict(one.schema),
        }
        for one in settings
    ]
