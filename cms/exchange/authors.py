"""Authors of the old site become people here: those who are here already, or accounts without
password and without rights, so that nobody can act as them."""

import re

from sqlalchemy import select

from cms.database.work import UnitOfWork
from cms.errors import NotFound
from cms.exchange.ledger import AUTHOR, PERSON, digest_of
from cms.exchange.plan import Batch
from cms.exchange.report import Line, Outcome
from cms.exchange.wxr import Author
from cms.identity.models import User
from cms.identity.users import add_user, get_user, user_by_login
from cms.markup.slugs import slug_of

ROLE = "subscriber"
_NO_ADDRESS = "import.invalid"  # RFC 2606 §2: no mail ever arrives there
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LONGEST_NAME = 250


async def bring(batch: Batch, author: Author) -> Line:
    """The person who is this author here."""
    digest = digest_of(author)
    known = await batch.ledger.find(AUTHOR, author.login)
    if known is not None:
        return Line(AUTHOR, author.login, Outcome.UNCHANGED, new_id=known.new_id)
    found = await _here(batch, author)
    if found is not None:
        await _remember(batch, author, found.id, digest)
        return Line(AUTHOR, author.login, Outcome.MAPPED, new_id=found.id)
    user = await _created(batch, author)
    await _remember(batch, author, user.id, digest)
    note = "created without password and inactive; she writes as before once you activate her"
    return Line(AUTHOR, author.login, Outcome.CREATED, new_id=user.id, notes=(note,))


async def _remember(batch: Batch, author: Author, user_id: int, digest: bytes) -> None:
    await batch.ledger.put(AUTHOR, author.login, user_id, digest)
    if author.id:
        await batch.ledger.put(PERSON, str(author.id), user_id, digest)


async def id_of(batch: Batch, login: str) -> int:
    """The person that a post's author is here; one that the file does not introduce is added."""
    name = login or "author"
    line = await bring(batch, Author(name, display_name=name))
    if line.new_id is None:
        raise NotFound("author", login)
    if line.new_id not in batch.people:
        # Held, so that each post of hers finds her in the session and not in the database.
        batch.people[line.new_id] = await get_user(batch.work, line.new_id)
    return line.new_id


async def _here(batch: Batch, author: Author) -> User | None:
    """By the operator's word first; else by login or address, which are one person's here."""
    plan = batch.plan
    chosen = plan.authors.get(author.login)
    if chosen is not None:
        return await user_by_login(batch.work, chosen)
    names = {author.login.lower(), author.email.lower()} - {""}
    found: User | None = await batch.work.entity(
        select(User)
        .where(
            User.tenant_id == batch.work.tenant_id, User.login.in_(names) | User.email.in_(names)
        )
        .order_by(User.id)
        .limit(1)
    )
    if found is None and plan.default_author is not None:
        return await user_by_login(batch.work, plan.default_author)
    return found


async def _created(batch: Batch, author: Author) -> User:
    work = batch.work
    login = await _free_login(work, author.login)
    is_kept = batch.may_keep("user", author.id) and not await _is_taken(work, author.id)
    user = await add_user(
        work,
        login,
        email=author.email if _EMAIL.fullmatch(author.email) else f"{login}@{_NO_ADDRESS}",
        display_name=(author.display_name or author.login)[:_LONGEST_NAME],
        roles=[ROLE],
        user_id=author.id if is_kept else None,
    )
    user.is_active = False
    return user


async def _is_taken(work: UnitOfWork, user_id: int) -> bool:
    return await work.session.get(User, (work.tenant_id, user_id)) is not None


async def _free_login(work: UnitOfWork, wanted: str) -> str:
    """The login, if our rules allow it and it is free; else one made of it."""
    lower = wanted.lower()
    stem = lower if re.fullmatch(r"[a-z0-9._@-]{2,60}", lower) else slug_of(wanted)[:50]
    stem = re.sub(r"[^a-z0-9._@-]", "-", stem)
    stem = stem if len(stem) > 1 else f"author-{stem}".rstrip("-")
    rows = await work.all(
        select(User.login).where(
            User.tenant_id == work.tenant_id, User.login.startswith(stem, autoescape=True)
        )
    )
    taken = {row.login for row in rows}
    candidate, number = stem, 2
    while candidate in taken:
        candidate, number = f"{stem}-{number}", number + 1
    return candidate
