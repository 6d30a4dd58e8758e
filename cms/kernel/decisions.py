"""The port that asks "may it?". With no engine behind it, the answer is no."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from cms.kernel.actors import Actor, RequestFacts


class Effect(StrEnum):
    ALLOW = "allow"
    DENY = "deny"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True)
class Question:
    """One access request: who wants to do what to which thing, under which circumstances.

    `resource_id` is None when the kind of thing is asked about (request path, step 3), and set when
    the object is known (step 5). `attributes` are facts of that object, flat and small.
    """

    tenant_id: int
    actor: Actor
    action: str
    resource_type: str
    request: RequestFacts
    at: datetime
    resource_id: int | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer with what determined it. `reasons` are policy ids a person can look up."""

    effect: Effect
    reasons: Sequence[str] = ()
    obligations: Sequence[str] = ()
    policy_version: str = ""


class DecisionPort(Protocol):
    """A policy decision point (NIST SP 800-207 §3). It never raises: an error is a denial."""

    async def decide(self, question: Question) -> Decision:
        """The decision for this request, recorded as the engine sees fit."""
        ...

    async def open(self) -> None:
        """Load policies; called once before the first question."""
        ...

    async def close(self) -> None:
        """Write out what is still to be recorded."""
        ...


class DenyEverything:
    """What stands at the port when no plugin has brought an engine: nothing is allowed."""

    async def decide(self, question: Question) -> Decision:  # noqa: ARG002
        return Decision(Effect.DENY, reasons=("no-policy-engine",))

    async def open(self) -> None:
        return

    async def close(self) -> None:
        return
