"""Whom a discussion concerns is told of it: in her language, by the ways that she chose."""

from collections.abc import Iterable

from sqlalchemy import and_, select

from cms.content.models import Post, Revision
from cms.kernel.notices import ID, Mailing, NoticeKind, Words
from cms.kernel.work import ReadableWork, Work
from cms.notices.telling import tell
from plugins.medical_review.articles.kinds import PART
from plugins.medical_review.articles.parts import RESPONSIBLE
from plugins.medical_review.discussion.events import (
    PersonMentioned,
    RemarkDeleted,
    RemarkEdited,
    RemarkWritten,
    ThreadOpened,
    ThreadSettled,
)
from plugins.medical_review.discussion.models import Comment, CommentVersion, Severity, Thread


def _of_thread(slug: str, pt: Words, en: Words, mail: Mailing) -> NoticeKind:
    return NoticeKind(
        slug=f"discussion.{slug}",
        words={"pt": pt, "en": en},
        facts={"thread_id": ID, "post_id": ID},
        about="thread",
        about_fact="thread_id",
        link="/api/v1/reviews/threads/{thread_id}",
        mail=mail,
    )


MENTIONED = _of_thread(
    "mentioned",
    Words(
        "Você foi mencionado num comentário",
        "Alguém chamou você pelo nome na discussão do texto {post_id}.",
        "Quando alguém chama você pelo nome na discussão de um texto",
    ),
    Words(
        "A comment mentions you",
        "Somebody called you by name in the discussion of text {post_id}.",
        "When somebody calls you by name in the discussion of a text",
    ),
    Mailing.AT_ONCE,
)
MUST_FIX = _of_thread(
    "must_fix",
    Words(
        "Algo precisa ser corrigido antes da publicação",
        "Um revisor comentou o texto {post_id}: sem a correção ele não pode ser publicado.",
        "Quando um revisor pede uma correção obrigatória num texto seu",
    ),
    Words(
        "Something must be fixed before publication",
        "A reviewer commented on text {post_id}: it cannot be published until that is mended.",
        "When a reviewer says that something in a text of yours must be fixed",
    ),
    Mailing.AT_ONCE,
)
OPENED = _of_thread(
    "opened",
    Words(
        "Há um novo comentário ou uma sugestão",
        "Alguém comentou o texto {post_id}, ou sugeriu outras palavras.",
        "Quando alguém comenta um texto seu",
    ),
    Words(
        "There is a new comment or suggestion",
        "Somebody commented on text {post_id}, or suggested other words.",
        "When somebody comments on a text of yours",
    ),
    Mailing.DIGEST,
)
ANSWERED = _of_thread(
    "answered",
    Words(
        "Há uma resposta na discussão",
        "Alguém respondeu numa discussão do texto {post_id} de que você participa.",
        "Quando alguém responde numa discussão de que você participa",
    ),
    Words(
        "There is an answer in the discussion",
        "Somebody answered in a discussion of text {post_id} that you take part in.",
        "When somebody answers in a discussion that you take part in",
    ),
    Mailing.DIGEST,
)
SETTLED = _of_thread(
    "settled",
    Words(
        "O seu comentário foi resolvido ou reaberto",
        "Alguém deu andamento ao seu comentário ou à sua sugestão no texto {post_id}.",
        "Quando um comentário ou uma sugestão sua é resolvida, aceita, recusada ou reaberta",
    ),
    Words(
        "Your comment was settled or reopened",
        "Somebody took a step with your comment or suggestion on text {post_id}.",
        "When a comment or suggestion of yours is resolved, accepted, rejected or reopened",
    ),
    Mailing.DIGEST,
)
DISCUSSION_NOTICES = (MENTIONED, MUST_FIX, OPENED, ANSWERED, SETTLED)


async def tell_of_mention(work: Work, event: PersonMentioned) -> None:
    """Tell who was called by name."""
    await _tell(work, MENTIONED, [event.user_id], event.thread_id, event.post_id)


async def tell_of_opening(work: Work, event: ThreadOpened) -> None:
    """Tell the author of the text, and who answers for it."""
    answers = Revision.parts[(PART, RESPONSIBLE)].as_integer()
    row = await work.one(
        select(Post.author_id, answers)
        .join(
            Revision,
            and_(Revision.tenant_id == Post.tenant_id, Revision.id == Post.working_revision_id),
        )
        .where(Post.tenant_id == work.tenant_id, Post.id == event.post_id)
    )
    kind = MUST_FIX if event.severity is Severity.MUST_FIX else OPENED
    people = [one for one in row if one is not None]
    await _tell(work, kind, people, event.thread_id, event.post_id)


async def tell_of_answer(work: Work, event: RemarkWritten) -> None:
    """Tell the others in the thread; who is called by name in it is told of that."""
    if not isinstance(event, RemarkEdited | RemarkDeleted):
        others = await _others(work, event)
        await _tell(work, ANSWERED, others, event.thread_id, event.post_id)


async def tell_of_step(work: Work, event: ThreadSettled) -> None:
    """Tell who opened the thread."""
    await _tell(work, SETTLED, [event.opened_by], event.thread_id, event.post_id)


async def _others(work: ReadableWork, event: RemarkWritten) -> set[int]:
    """Who opened the thread or spoke in it before, without who is called by name now."""
    opened = select(Thread.opened_by).where(
        Thread.tenant_id == work.tenant_id, Thread.id == event.thread_id
    )
    spoke = select(Comment.author_id).where(
        Comment.tenant_id == work.tenant_id,
        Comment.post_id == event.post_id,
        Comment.thread_id == event.thread_id,
    )
    rows = await work.all(opened.union(spoke))
    called = await work.one(
        select(CommentVersion.mentioned).where(
            CommentVersion.tenant_id == work.tenant_id,
            CommentVersion.comment_id == event.comment_id,
            CommentVersion.number == 1,
        )
    )
    return {row[0] for row in rows} - set(called.mentioned)


async def _tell(
    work: Work, kind: NoticeKind, people: Iterable[int], thread_id: int, post_id: int
) -> None:
    """Nobody is told of what she did herself."""
    others = set(people) - {work.actor.user_id}
    if others:
        await tell(work, kind.slug, sorted(others), {"thread_id": thread_id, "post_id": post_id})
