"""Reading a workflow as somebody wrote it: every fault with its field and what would mend it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cms.errors import InvalidInput
from plugins.medical_review.quorum.rules import APPROVED, Definition, Risk, Stage

MOST_STAGES, MOST_SEATS, MOST_PEOPLE, MOST_HOURS, MOST_DAYS = 12, 8, 20, 24 * 90, 366
LANGUAGES = ("en", "pt")
LONGEST_LABEL = 80
# Columns of the board that no stage may be named like.
TAKEN = frozenset({APPROVED, "draft", "revision", "published", "archived"})

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
Fault = tuple[str, str]


def read(written: Any, capabilities: Mapping[str, str]) -> Definition:
    """The workflow, or InvalidInput with every fault. `capabilities` are those that exist here."""
    try:
        definition = msgspec.convert(written, Definition)
    except msgspec.ValidationError as error:
        raise InvalidInput({_place(str(error)): _words(str(error))}) from None
    found: dict[str, str] = {}
    for place, said in faults(definition, capabilities):
        found.setdefault(place, said)
    if found:
        raise InvalidInput(found)
    return definition


def faults(definition: Definition, capabilities: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with a workflow of the right form, as (field, fault with remedy)."""
    yield from _label("label", definition.label)
    if not 1 <= len(definition.stages) <= MOST_STAGES:
        yield "stages", f"must be 1 to {MOST_STAGES} stages; add or take away some"
    for place, stage in enumerate(definition.stages):
        yield from _stage(f"stages[{place}]", stage, capabilities)
    names = [stage.name for stage in definition.stages]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield f"stages[{place}].name", f"{name!r} is used twice; give each stage its own name"
    yield from _steps(definition, names)


def _label(place: str, label: Mapping[str, str]) -> Iterator[Fault]:
    for language in LANGUAGES:
        said = label.get(language, "").strip()
        if not said or len(said) > LONGEST_LABEL or "<" in said:
            yield (
                f"{place}.{language}",
                f"must be plain text of 1 to {LONGEST_LABEL} characters; people read it",
            )
    for language in sorted(set(label) - set(LANGUAGES)):
        yield f"{place}.{language[:20]}", f"is no language here; use {' and '.join(LANGUAGES)}"


def _stage(place: str, stage: Stage, capabilities: Mapping[str, str]) -> Iterator[Fault]:
    if not _NAME.fullmatch(stage.name):
        yield f"{place}.name", f"{stage.name[:40]!r} must be lower_snake, 1 to 40 characters"
    elif stage.name in TAKEN:
        yield f"{place}.name", f"{stage.name!r} is a column of the board; choose another name"
    yield from _label(f"{place}.label", stage.label)
    yield from _seats(f"{place}.seats", stage, capabilities)
    yield from _quorum(f"{place}.quorum", stage)
    for risk, hours in stage.due_hours.items():
        if not 1 <= hours <= MOST_HOURS:
            yield f"{place}.due_hours.{risk.value}", f"{hours} must be 1 to {MOST_HOURS} hours"


def _seats(place: str, stage: Stage, capabilities: Mapping[str, str]) -> Iterator[Fault]:
    if not 1 <= len(stage.seats) <= MOST_SEATS:
        yield place, f"must be 1 to {MOST_SEATS} seats; a stage without one would approve by itself"
    names = [seat.name for seat in stage.seats]
    for number, seat in enumerate(stage.seats):
        one = f"{place}[{number}]"
        if not _NAME.fullmatch(seat.name):
            yield f"{one}.name", f"{seat.name[:40]!r} must be lower_snake, 1 to 40 characters"
        if seat.name in names[:number]:
            yield f"{one}.name", f"{seat.name!r} is used twice; raise `people` of the first instead"
        if seat.capability not in capabilities:
            known = ", ".join(sorted(capabilities))
            yield f"{one}.capability", f"{seat.capability[:60]!r} must be one of: {known}"
        if not 1 <= seat.people <= MOST_PEOPLE:
            yield f"{one}.people", f"{seat.people} must be 1 to {MOST_PEOPLE}"


def _quorum(place: str, stage: Stage) -> Iterator[Fault]:
    rule, seats = stage.quorum, sum(seat.people for seat in stage.seats)
    for name in ("clinicians", "with_rqe_in_specialty"):
        wanted = getattr(rule, name)
        if not 0 <= wanted <= seats:
            yield (
                f"{place}.{name}",
                f"{wanted} must be 0 to {seats}, the people that the seats have room for; "
                "add seats or ask for fewer",
            )
    if not rule.not_author:
        yield f"{place}.not_author", "must be true: nobody decides on a text that she has a part in"
    days = rule.validated_within_days
    if days is not None and not 1 <= days <= MOST_DAYS:
        yield f"{place}.validated_within_days", f"{days} must be 1 to {MOST_DAYS}, or left out"


def _steps(definition: Definition, names: list[str]) -> Iterator[Fault]:
    for place, step in enumerate(definition.transitions):
        if step.origin not in names:
            yield f"transitions[{place}].from", f"{step.origin[:40]!r} is no stage of this workflow"
        if step.to not in (*names, APPROVED):
            yield (
                f"transitions[{place}].to",
                f"{step.to[:40]!r} must be a stage of this workflow, or {APPROVED}",
            )
    yield from _ways(definition, names)


def _ways(definition: Definition, names: list[str]) -> Iterator[Fault]:
    """For each risk one way leads from the first stage to the approval, and never in a circle."""
    passed: set[str] = set()
    for risk in Risk:
        for name in names:
            leading = [
                step
                for step in definition.transitions
                if step.origin == name and (not step.risks or risk in step.risks)
            ]
            if len(leading) > 1:
                yield (
                    "transitions",
                    f"{len(leading)} lead from {name!r} at risk {risk.value}; leave one of them",
                )
        try:
            passed |= {stage.name for stage in definition.way(risk)} if names else set()
        except KeyError as error:
            yield (
                "transitions",
                f"at risk {risk.value} no way leads from {error.args[0]!r} to {APPROVED!r}; "
                "add a transition, and let none lead back",
            )
            return
    for name in names:
        if name not in passed:
            yield "transitions", f"no text ever comes to {name!r}; lead to it or take it away"


def _place(said: str) -> str:
    """Where the fault is: `$.stages[0].name` is `stages[0].name`."""
    return said.partition("`$")[2].rstrip("`").lstrip(".") or "definition"


def _words(said: str) -> str:
    return f"{said.partition(' - at ')[0]}; see GET /api/v1/reviews/workflows for an example"
