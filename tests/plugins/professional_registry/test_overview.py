"""What the command line shows of registrations, sources and cases."""

from plugins.professional_registry import lookups, overview
from plugins.professional_registry.demo_roster import DemoPhysician

NAME = "Ana Maria Inventada"


async def test_status_sources_and_cases_in_a_line_each(clinic):
    async with clinic.work() as work:
        [source, *_] = await lookups.providers(work)
        assert not source.is_well
        assert "NOT WELL: download TOTAL.ZIP" in overview.provider_line(source)
    await clinic.import_roster(DemoPhysician(NAME, "SP", 9900101))
    _, professional_id = await clinic.registered("CRM-SP 9900101", NAME)
    async with clinic.work() as work:
        [one] = await overview.registrations_of(work)
        assert overview.line(one) == "CRM-SP 9900101: pending (UNVERIFIED), fresh until –"
    await clinic.verify(professional_id)
    await clinic.import_roster(DemoPhysician(NAME, "SP", 9900101, "C"))
    async with clinic.work() as work:
        assert overview.line((await overview.registrations_of(work))[0]).startswith(
            "CRM-SP 9900101: revoked (REVOKED)"
        )
        [case] = await overview.cases_of(work)
        told = overview.case_line(case)
        assert told.startswith(f"{case.id}: CRM-SP 9900101 revoked since ")
        assert told.endswith(", open")
        assert (await lookups.providers(work))[0].is_well
