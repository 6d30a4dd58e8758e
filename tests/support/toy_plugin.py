"""A stranger's plugin: a colleague takes a second look at a leaflet before it is published.

It fills every field of the contract, and each with something that can be seen to work.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import click
import msgspec
from sqlalchemy import Text, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from cms.api.routing import get, post
from cms.content.bodies import PostBody
from cms.content.events import Transition
from cms.content.posts import get as get_post
from cms.database.types import PROTECTED, Base, CText, TenantRow
from cms.database.work import UnitOfWork
from cms.fields.field import Field
from cms.fields.type import FieldType, Setting, Showing, Taking, Types
from cms.kernel.actions import Action
from cms.kernel.decisions import Decision, DecisionPort, Question
from cms.kernel.declarations import (
    Health,
    HealthCheck,
    Job,
    MetaKey,
    Obligation,
    PolicyAttribute,
    PostType,
    RestField,
    RevisionPart,
    Role,
    Service,
    SubjectMeta,
    Taxonomy,
)
from cms.kernel.events import Event, Subject
from cms.kernel.hooks import Hooks
from cms.kernel.objections import Objection
from cms.kernel.plugin import Plugin
from cms.kernel.screens import ListStep, MenuEntry, Panel
from cms.kernel.vocabulary import AuditTag
from cms.kernel.work import ReadableWork, Work
from cms.markup.surroundings import DynamicBlock, Shortcode
from plugins.zero_trust.engine import serve
from tests.support.toy_notice import LOOKED
from tests.support.toy_policies import POLICIES


class Verdict(StrEnum):
    FINE = "fine"
    ILLEGIBLE = "illegible"


class LookSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many looks a leaflet needs before it is published."""

    wanted: int = 1


class LookRecord(TenantRow, Base):
    __tablename__ = "looks"
    __table_args__ = ({"schema": "second_look", **PROTECTED},)

    post_id: Mapped[int]
    verdict: Mapped[CText]


class DiaryLine(TenantRow, Base):
    __tablename__ = "diary"
    __table_args__ = ({"schema": "second_look"},)

    line: Mapped[str] = mapped_column(Text)


class LookTag(AuditTag):
    LOOK_GIVE = "second_look:look:give"
    LOOK_LIST = "second_look:look:list"


class LookGiven(Event, frozen=True):
    """A colleague has looked at a text."""

    tag = LookTag.LOOK_GIVE
    covers = ("second_look.looks",)
    look_id: int
    post_id: int
    verdict: Verdict

    def subject(self) -> Subject:
        return Subject("look", self.look_id)


@dataclass
class Memory:
    """What happened outside of any transaction, so that a test can see it."""

    attempts: list[LookGiven] = field(default_factory=list)
    beats: int = 0
    questions: list[str] = field(default_factory=list)
    is_open: bool = False
    has_promised: bool = True


memory = Memory()


# -- routes


class LookIn(msgspec.Struct, frozen=True):
    verdict: Verdict


@post("/{post_id:int}", action="look.give", resource="look", status_code=201)
async def give_look(post_id: int, data: LookIn, work: UnitOfWork) -> dict[str, int]:
    """Note what a colleague thinks of the text."""
    seen = await get_post(work, post_id)
    look = LookRecord(
        tenant_id=work.tenant_id,
        id=await work.next_id("look"),
        post_id=seen.id,
        verdict=data.verdict.value,
    )
    work.session.add(look)
    await work.emit(LookGiven(look_id=look.id, post_id=seen.id, verdict=data.verdict))
    return {"id": look.id}


@get("/diary", action="look.list", resource="look")
async def read_diary(work: UnitOfWork) -> list[str]:
    """What was noted, in order."""
    return await diary(work)


ROUTES = [give_look, read_diary]


@get("/second-look", action="look.list", resource="look")
async def show_promise(work: UnitOfWork) -> dict[str, str]:
    return {"promise": f"two people of {work.tenant.slug}"}


WELL_KNOWN = [show_promise]


async def diary(work: ReadableWork) -> list[str]:
    rows = await work.all(
        select(DiaryLine.line).where(DiaryLine.tenant_id == work.tenant_id).order_by(DiaryLine.id)
    )
    return [row.line for row in rows]


async def note(work: Work, line: str) -> None:
    values = {"tenant_id": work.tenant_id, "id": await work.next_id("diary"), "line": line}
    await work.execute(insert(DiaryLine).values(values))


# -- hooks


async def wants_more_looks(work: ReadableWork, move: Transition) -> AsyncIterator[Objection]:
    wanted = work.settings(LookSettings).wanted
    counted = (
        select(func.count())
        .select_from(LookRecord)
        .where(LookRecord.tenant_id == work.tenant_id, LookRecord.post_id == move.post_id)
    )
    seen = (await work.one(counted))[0]
    if move.publishes and seen < wanted:
        yield Objection("look.missing", f"{wanted - seen} more looks are needed", "Ask a colleague")


async def show_notice(_: ReadableWork, body: PostBody) -> PostBody:
    body.fields["second_look_notice"] = "seen twice"
    return body


async def refuse_the_illegible(work: Work, event: LookGiven) -> None:
    await note(work, f"observed {event.verdict}")
    if event.verdict is Verdict.ILLEGIBLE:
        raise RuntimeError("nobody can read this")


async def thank_the_colleague(work: Work, event: LookGiven) -> None:
    memory.attempts.append(event)
    await note(work, "thanked")
    if len(memory.attempts) == 1:
        raise ConnectionError("the mail server is having a rest")


def connect(hooks: Hooks) -> None:
    hooks.guard(Transition, wants_more_looks)
    hooks.filter(PostBody, show_notice)
    hooks.observe(LookGiven, refuse_the_illegible)
    hooks.after_commit(LookGiven, thank_the_colleague)


async def greet_the_day(work: Work) -> None:
    await note(work, "a new day")


async def beat(_: Any) -> None:
    memory.beats += 1
    if memory.beats == 1:
        raise OSError("a service may fall over once")
    await asyncio.Event().wait()


async def is_well(host: Any) -> Health:
    count = len(host.registry.plugins)
    return Health("second look", True, f"among {count} plugins")


async def count_looks(work: ReadableWork, views: Sequence[Any]) -> Sequence[int]:
    posts = [view.post.id for view in views]
    rows = await work.all(
        select(LookRecord.post_id, func.count().label("looks"))
        .where(LookRecord.tenant_id == work.tenant_id, LookRecord.post_id.in_(posts))
        .group_by(LookRecord.post_id)
    )
    found = {row.post_id: row.looks for row in rows}
    return [found.get(post, 0) for post in posts]


class WatchedDecisions:
    """Cedar's decisions, with a note of what was asked: an engine that a stranger brings."""

    def __init__(self, behind: DecisionPort) -> None:
        self._behind = behind

    async def open(self) -> None:
        memory.is_open = True
        await self._behind.open()

    async def decide(self, question: Question) -> Decision:
        memory.questions.append(question.action)
        return await self._behind.decide(question)

    async def close(self) -> None:
        memory.is_open = False
        await self._behind.close()


class Stars(FieldType):
    """A verdict in stars, from one up to as many as the field says."""

    name, label, category = "stars", "Stars", "choice"
    compared_as = "number"
    settings = (Setting("most", {"type": "integer", "default": 5, "minimum": 1}, "Most stars"),)

    def take(self, field: Field, value: Any, taking: Taking, path: str) -> int | None:
        count = value.count("*") if isinstance(value, str) else value
        most = field.setting("most")
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= most:
            taking.faults.add(path, "stars", f"must be 1 to {most} stars", value)
            return None
        return count

    def light(self, field: Field, value: Any, showing: Showing) -> int | None:
        return None if value is None else int(value)

    def standard(self, field: Field, value: Any, showing: Showing) -> str:
        return "*" * (value or 0)

    def schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {"type": ["integer", "null"], "required": field.is_required}

    def typed_schema(self, field: Field, types: Types) -> dict[str, Any]:
        return {"type": ["integer", "null"], "maximum": field.setting("most")}

    def words(self, field: Field, value: Any, types: Types) -> Iterator[str]:
        yield f"{value}estrelas"

    def sort_values(self, field: Field, value: Any) -> tuple[float, ...]:
        return (float(value),)

    def widget(self, field: Field) -> dict[str, Any]:
        return {"control": "range", "name": field.name, "min": 1, "max": field.setting("most")}


VERDICTS = {
    "key": "group_second_look",
    "title": "What readers think",
    "show_in_rest": True,
    "location": [[{"param": "post_type", "operator": "==", "value": "leaflet"}]],
    "fields": [
        {
            "key": "field_second_look_stars",
            "name": "stars",
            "label": "Stars",
            "type": "stars",
            "most": 3,
            "filterable": True,
            "searchable": True,
        }
    ],
}


@click.group()
def looks() -> None:
    """Second looks."""


async def seed(site: Any) -> None:
    await site.person("colleague", "Colega Atenta", ["proofreader"])


plugin = Plugin(
    slug="second_look",
    summary="A colleague looks at every leaflet",
    requires=("zero_trust",),
    api_prefix="looks",
    command="tests.support.toy_plugin:looks",
    models=(LookRecord, DiaryLine),
    migrations="tests.support.toy_migrations",
    upgraded="tests.support.toy_migrations:remember_upgrade",
    routes="tests.support.toy_plugin:ROUTES",
    well_known="tests.support.toy_plugin:WELL_KNOWN",
    pages="tests.support.toy_plugin:WELL_KNOWN",
    roles=(Role("proofreader", "Proofreader", frozenset({"read"})),),
    grants={"proofreader": frozenset({"give_look"})},
    capabilities={"give_look": "Look at a text before it is published"},
    post_types=(PostType("leaflet", "leaflets", "Leaflets", taxonomies=("season",)),),
    taxonomies=(Taxonomy("season", "seasons", "Seasons", ("leaflet",)),),
    rest_fields=(
        RestField(
            "reading_level",
            {"type": "string", "enum": ["easy", "hard"]},
            ("leaflet",),
            part="second_look",
        ),
        RestField("looks", {"type": "integer"}, ("leaflet",), compute=count_looks),
    ),
    shortcodes=(Shortcode("dose", lambda call, _: f"<b>{call.attributes.get('mg', '?')} mg</b>"),),
    dynamic_blocks=(DynamicBlock("second-look/sign", lambda *_: "<i>Lido por dois.</i>"),),
    field_types=(Stars(),),
    field_groups=(VERDICTS,),
    meta_keys=(MetaKey("reading_minutes", {"type": "integer", "minimum": 1}, ("leaflet",), 5),),
    subject_meta=(
        SubjectMeta(
            "term", "colour", {"type": "string", "enum": ["red", "blue"]}, "red", ("season",)
        ),
        SubjectMeta("term", "_hidden", {"type": "string"}),
        SubjectMeta("comment", "helpful", {"type": "boolean"}),
        SubjectMeta("user", "shoe_sizes", {"type": "integer"}, is_single=False),
        SubjectMeta("user", "badge", {"type": "string"}, capability="promote_users"),
        SubjectMeta("user", "own_use", {"type": "string"}, in_rest=False),
    ),
    revision_parts=(RevisionPart("second_look", ("leaflet",), {"reading_level": "easy"}),),
    actions=(
        Action("look.give", "look", LookTag.LOOK_GIVE, "give_look"),
        Action("look.list", "look", LookTag.LOOK_LIST, None, True),
    ),
    vocabulary=(LookTag,),
    events=(LookGiven,),
    jobs=(Job("second_look.greet", greet_the_day, cron="0 6 * * *", retries=2),),
    services=(Service("second_look.beat", beat),),
    settings=LookSettings,
    health=(HealthCheck("second look", is_well),),
    notices=(LOOKED,),
    policy_attributes=(
        PolicyAttribute(
            "is_feast_day",
            "Bool",
            "Whether nobody works today",
            is_required=True,
            provide=lambda question: (question.at.month, question.at.day) == (12, 25),
        ),
    ),
    obligations=(
        Obligation("promise", lambda _: memory.has_promised, "Promise to read to the end."),
    ),
    policies=POLICIES,
    decisions=lambda host: WatchedDecisions(serve(host)),
    demo="tests.support.toy_plugin:seed",
    screens="tests.support.toy_screens:SCREENS",
    menu=(
        MenuEntry(section="content", label="Second looks", path="/admin/looks", action="look.list"),
    ),
    panels=(Panel(where="home", draw="tests.support.toy_screens:show_panel"),),
    list_steps=(
        ListStep(name="look", label="Second looks", path="/admin/looks", action="look.list"),
    ),
    places={"look": "/admin/looks"},
    connect=connect,
)
