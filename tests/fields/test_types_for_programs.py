"""TypeScript of field groups, in both forms."""

from typing import Any

from cms.fields import groups
from cms.fields.drafts import fields_of_site
from cms.rest.typescript import typescript
from tests.fields.test_groups import DOSES
from tests.support.clinic import Clinic


async def test_field_groups_have_types_in_both_forms(cms: Clinic) -> None:
    twin: dict[str, Any] = {**DOSES, "key": "group_Doses", "title": "Twin */ evil", "fields": []}
    async with cms.as_system() as work:
        await groups.save(work, DOSES)
        await groups.save(work, twin)
        work.afterwards(cms.host.tenants.forget)
    cms.tenant = await cms.host.tenants.by_slug("clinica")
    async with cms.as_system() as work:
        text = typescript(work.registry, fields_of_site(work))
    light = text.split("export interface AcfDoses {")[1].split("\n}")[0]
    assert "  unit: string | null;" in light
    assert "  dose: number | null;" in light
    typed = text.split("export interface FieldsMedicalArticle {")[1].split("\n}")[0]
    assert '  evidence_level: "I" | "II" | "III" | "IV" | null;' in typed
    assert "/** Campos do artigo médico */" in text
    assert "Twin * / evil" in text
    assert "  group_doses: AcfDoses;" in text
    assert "  group_Doses: FieldsDoses" in text
    assert text.count("export interface AcfDoses {") == 1
    assert "AcfGroups" not in typescript(cms.host.registry)
