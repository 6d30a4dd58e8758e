"""What the operator chose, what the file was found to hold, and the batch that steps work in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from cms.content.models import Post
from cms.database.work import UnitOfWork
from cms.exchange.ledger import Ledger
from cms.exchange.reading import WxrReader
from cms.exchange.report import Line
from cms.exchange.rewriting import Rewriter
from cms.exchange.wxr import Author, Channel, Item, Term
from cms.identity.models import User

if TYPE_CHECKING:
    from cms.exchange.files import Files

# Above it an id is somebody's joke, and would use up the numbers that clients can read.
LARGEST_ID = 2**40

SPACES = ("post", "term", "user", "comment")


@dataclass(frozen=True)
class Plan:
    """The operator's choices. Maps say what a name of the old site is called here."""

    authors: Mapping[str, str] = field(default_factory=dict)
    default_author: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    taxonomies: Mapping[str, str] = field(default_factory=dict)
    is_dry_run: bool = False
    operator: str | None = None
    batch: int = 20


@dataclass
class Survey:
    """What a first look through the whole file found."""

    channel: Channel
    digest: bytes
    largest: dict[str, int]
    items: int
    types: Mapping[str, int]
    removed: int
    bad_bytes: int


def survey(file: BinaryIO) -> Survey:
    """Read the file once, for its ids and its size. WxrFault when it is broken anywhere: then
    nothing has changed yet."""
    reader = WxrReader(file)
    channel, items = Channel(), 0
    largest: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for entry in reader:
        if isinstance(entry, Channel):
            channel = entry
            continue
        space = {Author: "user", Term: "term", Item: "post"}[type(entry)]
        if isinstance(entry, Item):
            items += 1
            types[entry.type] += 1
            ids = [said.id for said in entry.comments if said.id <= LARGEST_ID]
            largest["comment"] = max([largest["comment"], *ids])
        if entry.id <= LARGEST_ID:
            largest[space] = max(largest[space], entry.id)
    stream = reader.stream
    return Survey(
        channel, stream.digest, dict(largest), items, types, stream.removed, stream.bad_bytes
    )


@dataclass
class Batch:
    """One unit of work of an import, and what its steps share."""

    work: UnitOfWork
    ledger: Ledger
    plan: Plan
    channel: Channel
    rewrite: Rewriter
    first_ids: Mapping[str, int]
    left_out: Counter[str] = field(default_factory=Counter)
    numbers: dict[int, int] = field(default_factory=dict)
    """Files that got another number here, by their old one."""
    wanted_ids: frozenset[int] = frozenset()
    taken: set[int] | None = None
    files: "Files | None" = None
    more: list[Line] = field(default_factory=list)
    """What becomes of things within things, such as the comments of a post."""
    held: list[Post] = field(default_factory=list)
    """Read already: a session forgets what nobody holds."""
    people: dict[int, User] = field(default_factory=dict)

    def may_keep(self, space: str, old_id: int) -> bool:
        """Whether the id was never handed out here, so that nobody else can come to use it."""
        return self.first_ids.get(space, LARGEST_ID + 1) <= old_id <= LARGEST_ID
