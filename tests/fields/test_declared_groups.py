"""Groups in the code of plugins: a wrong one stops the start and is named; stored ones that this
version cannot read are told."""

from dataclasses import replace
from typing import Any

import pytest

from cms import core
from cms.fields import groups
from cms.fields.declared import check_groups, unreadable_groups
from cms.kernel.declared import Declared, StoredGroup
from cms.kernel.plugin import Plugin
from cms.kernel.registry import PluginProblem, Registry, installed
from cms.kernel.tenant import Tenant
from tests.fields.test_groups import DOSES
from tests.support.clinic import Clinic

UNIT, DOSE = DOSES["fields"]


def declaring(*definitions: Any) -> Registry:
    return Registry([core.plugin, Plugin(slug="toy", field_groups=definitions)])


def test_the_groups_of_the_bundled_plugins_can_be_used() -> None:
    check_groups(Registry([core.plugin, *installed().values()]))


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({**DOSES, "fields": [UNIT, {**DOSE, "type": "telepathy"}]}, "fields[1].type (field_dose)"),
        ({**DOSES, "fields": [{**UNIT, "maxlength": "many"}]}, "fields[0].maxlength (field_unit)"),
        ({**DOSES, "fields": ["none"]}, "fields[0]"),
        ({**DOSES, "fields": [{**UNIT, "source": "a.b"}]}, "fields[0].source (field_unit)"),
        ({**DOSES, "title": ""}, "title"),
        ({**DOSES, "location": [[{"param": "moon", "value": "x"}]]}, "location[0][0].param"),
        ({**DOSES, "description": "\x00"}, "group"),
    ],
)
def test_a_wrong_group_is_named_with_plugin_place_and_field(wrong: Any, place: str) -> None:
    with pytest.raises(PluginProblem) as refused:
        check_groups(declaring(wrong))
    assert (
        f"plugin 'toy' declares the field group 'group_doses', which cannot be used: {place} "
        in (str(refused.value))
    )


def test_keys_are_declared_once() -> None:
    with pytest.raises(PluginProblem, match="declares it too"):
        check_groups(declaring(DOSES, DOSES))
    with pytest.raises(PluginProblem, match="key of a field of the group"):
        check_groups(declaring(DOSES, {**DOSES, "key": "group_other"}))


async def test_a_stored_group_that_cannot_be_read_is_told_and_the_rest_is_served(
    cms: Clinic,
) -> None:
    async with cms.as_system() as work:
        await groups.save(work, DOSES)
        await work.execute(
            "update cms.field_groups set definition = "
            "replace(definition::text, '\"text\"', '\"telepathy\"')::json"
        )
    cms.host.tenants.forget()
    tenant = await cms.host.tenants.by_slug("clinica")
    (line,) = unreadable_groups(cms.host.registry, tenant)
    assert line.startswith("clinica: group_doses (fields[0].type there is no type 'telepathy'")
    admin = await cms.person("dona.marina", ("administrator",))
    listed = (await admin.get("/api/v1/field-groups")).json()["field_groups"]
    by_key = {one["key"]: one for one in listed}
    assert set(by_key["group_doses"]["faults"]) == {"fields[0].type"}
    assert "faults" not in by_key["group_medical_article"]
    assert (await admin.get("/wp-json/wp/v2/posts")).status_code == 200


def test_a_group_of_a_type_that_is_gone_is_unreadable() -> None:
    odd = {**DOSES, "fields": [{**UNIT, "type": "telepathy"}]}
    stored = Declared(field_groups=(StoredGroup("group_doses", 1, odd),))
    tenant = Tenant(1, "x", "X", "en", "UTC", declared=stored)
    assert len(unreadable_groups(declaring(), tenant)) == 1
    assert unreadable_groups(declaring(), replace(tenant, id=2, declared=Declared())) == []
