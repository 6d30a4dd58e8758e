"""Which rules a text of these people is asked about today, and what is known of it already."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import msgspec
from sqlalchemy import text

from cms.database.reads import Query
from cms.kernel.work import ReadableWork
from plugins.medical_review.articles.kinds import PART, REVIEWED
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.checks.bundled import bundled_sets
from plugins.medical_review.checks.engine import ENGINE
from plugins.medical_review.checks.findings import Aimed
from plugins.medical_review.checks.rules import Layer, RuleSet, Severity, in_force
from plugins.professional_registry.councils import CRM

# Whose rules a text keeps that nobody with a registration has written or answers for.
DEFAULT_COUNCILS = (CRM,)

# One statement: the guard on publishing asks it each time. Only the newest rows of tables that
# only grow are of interest, and an index leads to each.
_STATE = Query(
    text(
        """
        with v as (
          select r.id, r.post_id, r.content_hash, r.author_id,
                 (r.parts -> cast(:part as text) ->> cast(:responsible as text))::bigint as answers
          from cms.revisions r
          join cms.posts p on p.tenant_id = r.tenant_id and p.id = r.post_id
          where r.tenant_id = :tenant and r.post_id = :post and r.id = :revision
            and p.post_type = any(cast(:types as text[]))
        )
        select
          (select content_hash from v) as content_hash,
          (select array_agg(distinct pr.council)
           from professional_registry.professionals pr, v
           where pr.tenant_id = :tenant and pr.user_id in (v.author_id, v.answers)) as councils,
          (select jsonb_agg(jsonb_build_array(encode(s.digest, 'hex'), s.id))
           from medical_review.check_rule_sets s where s.tenant_id = :tenant) as sets,
          (select jsonb_object_agg(c.rule, c.severity) from (
             select distinct on (rule) rule, severity from medical_review.check_severities
             where tenant_id = :tenant order by rule, id desc) c) as severities,
          (select id from medical_review.medicine_lists where tenant_id = :tenant
           order by id desc limit 1) as medicine_list,
          (select jsonb_object_agg(encode(k.fingerprint, 'hex'), k.body)
           from medical_review.check_results k, v
           where k.tenant_id = :tenant and k.content_hash = v.content_hash) as results,
          (select array_agg(o.rule) from medical_review.check_overrides o, v
           where o.tenant_id = :tenant and o.post_id = v.post_id
             and o.content_hash = v.content_hash) as overridden
        """
    )
)
_BODIES = text(
    """
    select id, body from medical_review.check_rule_sets
    where tenant_id = :tenant and id = any(cast(:wanted as bigint[]))
    """
)


@dataclass(frozen=True)
class State:
    """The rules for one text. `results` are those kept of it, by fingerprint (hex); `overridden`
    the codes of rules whose findings in exactly this text were let pass."""

    sets: tuple[RuleSet, ...]
    digests: tuple[str, ...]
    severities: Mapping[str, str]
    medicine_list: int | None
    councils: tuple[str, ...]
    content_hash: bytes | None = None
    results: Mapping[str, Any] | None = None
    overridden: frozenset[str] = frozenset()

    @cached_property
    def not_checked(self) -> tuple[str, ...]:
        """Councils for which there is no rule set: nobody may take silence for consent."""
        bound = {one.council for one in self.sets}
        return tuple(council for council in self.councils if council not in bound)

    @cached_property
    def rules(self) -> tuple[Aimed, ...]:
        return tuple(
            Aimed(rule, one, self._severity(one, rule.code, rule.severity))
            for one in self.sets
            for rule in one.rules
        )

    def _severity(self, rule_set: RuleSet, code: str, severity: Severity) -> Severity:
        chosen = self.severities.get(code) if rule_set.layer.may_be_weighed else None
        return Severity(chosen) if chosen else severity

    @cached_property
    def fingerprint(self) -> bytes:
        """SHA-256 of all that decides what is found in a text."""
        said = [
            ENGINE,
            *self.digests,
            sorted(self.severities.items()),
            self.medicine_list,
            self.councils,
        ]
        return hashlib.sha256(msgspec.json.encode(said)).digest()


async def state_of(work: ReadableWork, post_id: int, revision_id: int) -> State | None:
    """The state of a revision; None when its type is not reviewed."""
    row = await _row(work, post_id, revision_id)
    if row.content_hash is None:
        return None
    return await _state(work, row, tuple(sorted(row.councils or DEFAULT_COUNCILS)))


async def state_for(work: ReadableWork, councils: Sequence[str] = ()) -> State:
    """The state of a text that is not saved, as members of these councils would write it."""
    row = await _row(work, 0, 0)
    return await _state(work, row, tuple(sorted(set(councils) or DEFAULT_COUNCILS)))


async def _row(work: ReadableWork, post_id: int, revision_id: int) -> Any:
    [row] = await work.fetch(
        _STATE,
        tenant=work.tenant_id,
        post=post_id,
        revision=revision_id,
        part=PART,
        responsible=RESPONSIBLE,
        types=list(REVIEWED),
    )
    return row


async def _state(work: ReadableWork, row: Any, councils: tuple[str, ...]) -> State:
    own = await _own_sets(work, row.sets or [])
    applied = [
        one
        for one in in_force([*bundled_sets(), *own.values()], work.now.date())
        if one.council is None or one.council in councils
    ]
    digests = {**bundled_digests(), **{one.name: digest for digest, one in own.items()}}
    return State(
        tuple(applied),
        tuple(digests[one.name] for one in applied),
        row.severities or {},
        row.medicine_list,
        councils,
        row.content_hash,
        row.results or {},
        frozenset(row.overridden or ()),
    )


@cache
def bundled_digests() -> dict[str, str]:
    return {one.name: digest_of(one).hex() for one in bundled_sets()}


def digest_of(rule_set: RuleSet) -> bytes:
    """SHA-256 of a set as JSON, its fields in their order."""
    return hashlib.sha256(msgspec.json.encode(rule_set)).digest()


# By the hash of what they say, so that no other tenant and no other database can be meant.
_READ: dict[str, RuleSet] = {}
_MOST_READ = 512


async def _own_sets(work: ReadableWork, listed: Sequence[Sequence[Any]]) -> dict[str, RuleSet]:
    """The tenant's own sets by their digest; those that this process has read before are not read
    again."""
    known = {digest: _READ[digest] for digest, _ in listed if digest in _READ}
    unread = {number: digest for digest, number in listed if digest not in known}
    if unread:
        values = {"tenant": work.tenant_id, "wanted": list(unread)}
        for row in await work.all(_BODIES, values):
            known[unread[row.id]] = msgspec.convert(row.body, RuleSet)
        if len(_READ) > _MOST_READ:
            _READ.clear()
        _READ.update(known)
    return known


def weighable(sets: Sequence[RuleSet]) -> dict[str, Layer]:
    """The layer of each rule, by its code."""
    return {rule.code: one.layer for one in sets for rule in one.rules}
