"""The page of one person."""

from litestar import Response

from cms.admin.page import Page
from cms.content.leaving import posts_of
from cms.database.work import UnitOfWork
from cms.identity import application_passwords, factors, members, roster


async def person_page(
    work: UnitOfWork, page: Page, user_id: int, faults: dict[str, str] | None = None
) -> Response[bytes]:
    """Everything about a person; with faults, what a form sent stands in it once more."""
    user = await roster.one(work, user_id)
    locked = user.account_locked_until
    return page.render(
        "people/person.html",
        status=422 if faults else 200,
        user=user,
        is_locked=locked is not None and locked > work.now,
        roles=await roster.roles_for(work, user_id),
        sign_ins=await members.sign_ins(work, user_id),
        applications=await application_passwords.of_user(work, user_id),
        posts=await posts_of(work, user_id),
        has_factor=await factors.has_factor(work, user_id),
        faults=faults or {},
        has_mail=work.shop.mailer is not None,
    )
