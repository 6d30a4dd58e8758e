"""`cms policy` shows what decides, and names what is wrong."""

import json

import pytest
from click.testing import CliRunner

from cms.kernel.declarations import PolicyRule
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from plugins.zero_trust.cli import policy


@pytest.fixture
def cms_policy(closed_site, monkeypatch):
    def run(*arguments: str, **declared):
        plugins = [*closed_site.registry.plugins, Plugin(slug="new", **declared)]
        monkeypatch.setattr("plugins.zero_trust.cli.build_registry", lambda _: Registry(plugins))
        return CliRunner().invoke(policy, arguments)

    return run


def test_list_names_every_policy_and_the_version(cms_policy):
    told = cms_policy("list")
    assert told.exit_code == 0
    assert "platform.same_tenant" in told.output
    assert "version" in told.output


def test_list_for_scripts(cms_policy):
    document = json.loads(cms_policy("list", "--json").output)
    first = document["policies"][0]
    assert first["id"] == "platform.same_tenant"
    assert first["cedar"].startswith("forbid")


def test_check_names_the_policy_that_is_wrong(cms_policy):
    assert cms_policy("check").exit_code == 0
    rule = PolicyRule("typo", "P", "permit (principal, action, resource is Pots);", "")
    told = cms_policy("check", policies=(rule,))
    assert told.exit_code == 1
    assert "new.typo" in told.output
