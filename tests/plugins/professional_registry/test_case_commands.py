"""Cases at the command line: the list, one with what it rests on, and its end."""

import json

from plugins.professional_registry.commands import import_roster
from plugins.professional_registry.demo_roster import DemoPhysician, write_roster
from tests.plugins.professional_registry.test_manual_api import API

NAME = "Ana Maria Inventada"
CASES = "/api/v1/medical/cases"
HERE = ("--tenant", "clinica")


async def suspended(cms, folder):
    """Ana, whose licence was revoked, and the officer who added it."""
    bia = await cms.person("bia", ["administrator"])
    ana = await cms.person("ana", ["medical_professional"])
    for status in ("A", "C"):
        roster = write_roster(folder / status, [DemoPhysician(NAME, "SP", 9900101, status)])
        await import_roster(cms.host.shop, cms.tenant, roster)
        if status == "A":
            body = {"user_id": ana.id, "registration": "CRM-SP 9900101", "full_name": NAME}
            assert (await bia.post(f"{API}/registrations", body)).status_code == 201
    return ana, bia


async def test_a_case_is_listed_shown_and_closed(cms, command, tmp_path):
    ana, bia = await suspended(cms, tmp_path / "rosters")
    [one] = json.loads(await command("registry", "cases", "list", "--json", *HERE))
    assert (one["registration"], one["state"]) == ("CRM-SP 9900101", "open")
    number = str(one["id"])
    page = await command("registry", "cases", "show", number, *HERE)
    assert "CRM-SP 9900101 revoked since" in page
    assert "rule: registry.revoked" in page
    sheet = json.loads(await command("registry", "cases", "show", number, "--json", *HERE))
    assert (sheet["user_id"], sheet["criteria"]["status"]) == (ana.id, "REVOKED")

    assert (await ana.post(f"{CASES}/{number}/contest", {"text": "Sou outra."})).status_code == 200
    await command("registry", "cases", "close", number, *HERE, code=1)
    review = {"outcome": "upheld", "reason": "Confere com o ofício."}
    assert (await bia.post(f"{CASES}/{number}/review", review)).status_code == 200
    told = await command("registry", "cases", "close", number, *HERE)
    assert told == f"Case {number} is closed: upheld.\n"
    assert await command("registry", "cases", "list", *HERE) == "There is no case.\n"
    assert "closed" in await command("registry", "cases", "list", "--all", *HERE)
    await command("registry", "cases", "show", "999", *HERE, code=1)
