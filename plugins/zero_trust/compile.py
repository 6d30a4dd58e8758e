"""A policy set, validated as a whole or refused as a whole, with the version that names it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

import msgspec
from cedarpy import validate_policies

from cms.kernel.declarations import Obligation
from cms.kernel.registry import Registry
from plugins.zero_trust.defaults import PLATFORM
from plugins.zero_trust.errors import PolicyRefused
from plugins.zero_trust.policies import OFF, PolicyRow, Statement, from_row, from_rule
from plugins.zero_trust.schema import Vocabulary, entity_type
from plugins.zero_trust.slices import Slice

_VERSION_LENGTH = 12


class CompiledPolicies:
    """The compiled policies of a tenant, or of every tenant that has added none."""

    def __init__(self, vocabulary: Vocabulary, statements: Iterable[Statement]) -> None:
        self.vocabulary = vocabulary
        self.statements = tuple(sorted(statements, key=lambda s: (s.layer, s.priority, s.id)))
        self.version = _version(vocabulary, self.statements)
        self._slices: dict[str, Slice] = {}

    def slice(self, action: str, resource_type: str) -> Slice | None:
        """What decides about this action; None when it is not one, or not of such a resource."""
        if action not in self.vocabulary.actions:
            return None
        known = self.vocabulary.actions[action]
        if entity_type(resource_type) != entity_type(known.resource):
            return None
        if action not in self._slices:
            self._slices[action] = Slice(known, self.statements, self.vocabulary.handle)
        return self._slices[action]


@dataclass(frozen=True)
class Foundation:
    """What stands for every tenant: vocabulary, obligations, and the policies of the platform and
    the plugins."""

    vocabulary: Vocabulary
    obligations: Mapping[str, Obligation]
    policies: CompiledPolicies

    @classmethod
    def of(cls, registry: Registry) -> "Foundation":
        """Compile what the host and its plugins declare. PolicyRefused names what is wrong."""
        vocabulary = Vocabulary.of(registry.actions, registry.each("policy_attributes"))
        obligations = _unique(registry.each("obligations"))
        statements = [from_rule("platform", rule, priority=0) for rule in PLATFORM]
        for plugin in registry.plugins:
            statements += [from_rule(plugin.slug, rule) for rule in plugin.policies]
        _validate(statements, vocabulary, obligations)
        return cls(vocabulary, obligations, CompiledPolicies(vocabulary, statements))

    def with_rows(self, rows: Iterable[PolicyRow]) -> CompiledPolicies:
        """The set of a tenant with these policies of its own. One that is wrong refuses them all:
        half a policy set is a policy that nobody wrote."""
        live = [row for row in rows if row.mode != OFF]
        if not live:
            return self.policies
        added = list(chain.from_iterable(from_row(row, self.vocabulary) for row in live))
        _validate(added, self.vocabulary, self.obligations)
        return CompiledPolicies(self.vocabulary, (*self.policies.statements, *added))


def _unique(obligations: Iterable[Obligation]) -> dict[str, Obligation]:
    known: dict[str, Obligation] = {}
    for obligation in obligations:
        if obligation.name in known:
            raise PolicyRefused(obligation.name, "two obligations have this name")
        known[obligation.name] = obligation
    return known


def _validate(
    statements: Iterable[Statement], vocabulary: Vocabulary, obligations: Mapping[str, Obligation]
) -> None:
    seen: set[str] = set()
    for statement in statements:
        if statement.id in seen:
            raise PolicyRefused(statement.id, "two policies have this name")
        seen.add(statement.id)
        _validate_layer(statement, obligations)
        # Strict: a forbid over an attribute that may be missing would be skipped without a word.
        result = validate_policies(statement.cedar, vocabulary.handle, release_gil=True)
        if not result.validation_passed:
            problems = "; ".join(error.error for error in result.errors)
            raise PolicyRefused(statement.id, problems or "Cedar does not validate it")


def _validate_layer(statement: Statement, obligations: Mapping[str, Obligation]) -> None:
    is_required = statement.layer == "R"
    if statement.layer not in {"P", "R"}:
        raise PolicyRefused(statement.id, f"layer {statement.layer!r} is neither P nor R")
    if is_required != (statement.obligation is not None):
        raise PolicyRefused(statement.id, "layer R needs an obligation, and layer P has none")
    if is_required and statement.est["effect"] != "forbid":
        raise PolicyRefused(statement.id, "layer R holds forbids that an obligation lifts")
    if statement.obligation is not None and statement.obligation not in obligations:
        known = ", ".join(sorted(obligations))
        raise PolicyRefused(
            statement.id, f"obligation {statement.obligation!r} is unknown; known are {known}"
        )


def _version(vocabulary: Vocabulary, statements: Iterable[Statement]) -> str:
    policies = [[s.layer, s.mode, s.id, s.priority, s.obligation, s.est] for s in statements]
    digest = sha256(vocabulary.document)
    digest.update(msgspec.json.encode(policies, order="deterministic"))
    return digest.hexdigest()[:_VERSION_LENGTH]
