"""Whatever JSON comes as a group, it is read or refused by name; what is read can be described."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cms import core
from cms.content.faults import Faults
from cms.errors import InvalidInput
from cms.fields.catalogue import catalogue
from cms.fields.defining import read_group
from cms.fields.describing import form, resolved
from cms.fields.group_settings import GROUP_SETTINGS, Notices, in_language
from cms.fields.soundness import field_keys, refuse_unkeepable
from cms.kernel.actors import SYSTEM
from cms.kernel.registry import Registry

TYPES = catalogue(Registry([core.plugin]))
SETTINGS = sorted({one.name for kind in TYPES for one in kind.settings})

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)
KEYS = st.text("abc", min_size=1, max_size=2).map(lambda end: f"field_{end}")


def fields(inner: Any) -> Any:
    said = {
        "key": KEYS | ODD,
        "name": st.text("abc", min_size=1, max_size=3) | ODD,
        "label": st.text(max_size=5) | ODD,
        "type": st.sampled_from([one.name for one in TYPES]) | ODD,
        "sub_fields": st.lists(inner, max_size=3) | ODD,
        "layouts": st.lists(st.fixed_dictionaries({"name": KEYS, "sub_fields": st.lists(inner)}))
        | ODD,
        "conditional_logic": st.just([[{"field": "field_a", "operator": "==", "value": "x"}]])
        | ODD,
        "translations": st.fixed_dictionaries({"pt": st.dictionaries(st.just("label"), ODD)}) | ODD,
        **{name: ODD for name in SETTINGS if name not in {"sub_fields", "layouts"}},
    }
    return st.fixed_dictionaries({}, optional=said) | ODD


FIELD = st.recursive(fields(ODD), fields, max_leaves=6)
GROUP = st.fixed_dictionaries(
    {"key": st.just("group_a") | ODD, "title": st.just("A") | ODD},
    optional={
        "fields": st.lists(FIELD, max_size=4) | ODD,
        "location": ODD,
        **{one.name: ODD for one in GROUP_SETTINGS},
    },
)


@given(GROUP)
def test_any_json_is_read_or_refused(definition: dict[str, Any]) -> None:
    faults, notices = Faults(), Notices()
    try:
        refuse_unkeepable(definition)
    except InvalidInput:
        return
    before = json.dumps(definition)
    list(field_keys(definition))
    in_language(definition, "pt-BR")
    group = read_group(definition, TYPES, faults, language="pt-BR", notices=notices)
    assert all(isinstance(told, str) for told in faults.messages.values())
    if not faults.messages:
        json.dumps(resolved(group, TYPES))
        json.dumps(form(group, TYPES, SYSTEM))
    assert json.dumps(definition) == before
