"""What roles may approve is a fact that policies can ask for."""

import pytest

from cms.host import all_plugins, open_host
from cms.kernel.declarations import PolicyRule
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from tests.support.clinic import Clinic

CASES = "/api/v1/medical/cases"
RULE = """
forbid (principal is User, action == Action::"case.list", resource)
unless { context.approval_content_types.contains("medical_article")
         && !context.approval_needs_registration };
"""
STRICT = Plugin(slug="strict", policies=(PolicyRule("scope", "P", RULE, "By scope."),))


@pytest.fixture
async def cms(database, settings):
    registry = Registry([*all_plugins(), STRICT])
    async with open_host(settings, database, registry) as host, Clinic.founded(host) as clinic:
        yield clinic


async def scoped(cms, role, scope):
    async with cms.as_system() as work:
        await work.execute(
            "update cms.roles set medical_scope = cast(:scope as jsonb) where name = :role",
            {"scope": scope, "role": role},
        )
        work.session.sync_session.connection().info["written"] = set()


async def test_a_policy_decides_by_the_medical_scope_of_any_role(cms):
    writer = await cms.person("rui", ["author"])
    doctor = await cms.person("dr.ana", ["author", "medical_professional"])
    assert (await writer.get(CASES)).status_code == 403
    assert (await doctor.get(CASES)).status_code == 200
    await scoped(cms, "author", '{"requires_registration": true}')
    assert (await doctor.get(CASES)).status_code == 403
    await scoped(cms, "author", '{"content_types": ["medical_article"]}')
    assert (await writer.get(CASES)).status_code == 200


@pytest.mark.parametrize("scope", ['{"content_types": "medical_article"}', "[1]", '"all"', "{}"])
async def test_a_scope_that_cannot_be_read_gives_nothing(cms, scope):
    """It is data of the site, and whatever stands there decides about nobody by accident."""
    await scoped(cms, "author", scope)
    writer = await cms.person("rui", ["author"])
    assert (await writer.get(CASES)).status_code == 403
