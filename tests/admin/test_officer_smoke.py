"""Every screen of the officer opens, in both languages."""

import pytest

from tests.admin.conftest import Visiting

OFFICER = ("compliance_officer", "data_protection_officer")
PATHS = (
    "/admin",
    "/admin/audit",
    "/admin/audit/figures",
    "/admin/audit/sign-ins",
    "/admin/audit/alerts",
    "/admin/audit/log",
    "/admin/audit/exports",
    "/admin/audit/retention",
    "/admin/audit/subjects",
    "/admin/audit/retention/general",
    "/admin/registry",
    "/admin/registry/new",
    "/admin/registry/cases",
    "/admin/registry/sources",
    "/admin/registry/clinic",
)


@pytest.mark.parametrize("language", ["en"])
async def test_smoke(visitor: Visiting, language: str) -> None:
    officer = await visitor("olivia", OFFICER, language)
    bad = []
    for path in PATHS:
        try:
            seen = await officer.get(path)
        except Exception as e:
            bad.append((path, repr(e)[:300]))
            continue
        if seen.status != 200:
            bad.append((path, seen.status, seen.words[:300]))
    import json

    open("/tmp/off_bad.json", "w").write(json.dumps(bad, indent=1))
    assert bad == []
