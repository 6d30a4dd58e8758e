"""Signing in for a bearer token, and out again."""

from typing import Annotated

import msgspec
from litestar import Response

from cms.api.routing import post
from cms.database.work import UnitOfWork
from cms.errors import Unauthenticated
from cms.identity.proofs import sign_out
from cms.identity.secrets import SecretKey
from cms.identity.signing_in import sign_in


class Credentials(msgspec.Struct, frozen=True):
    """Login or e-mail address, and the password that the person chose. `otp` is the code of her
    authenticator app, or a recovery code, if she has set one up."""

    login: Annotated[str, msgspec.Meta(min_length=1, max_length=320)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    otp: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class TokenOut(msgspec.Struct, frozen=True):
    """RFC 6749 §5.1. `expires_in` is in seconds; the token is shown this once."""

    access_token: str
    token_type: str
    expires_in: int
    user_id: int


@post("/auth/token", action="auth.sign_in", resource="session", status_code=200)
async def issue_token(data: Credentials, work: UnitOfWork, secret: SecretKey) -> Response[TokenOut]:
    """A bearer token for eight hours. After ten failures the account rests for 15 minutes."""
    issued = await sign_in(work, secret, data.login, data.password, data.otp)
    if issued is None:
        await work.commit()
        raise Unauthenticated(
            "Login or password is wrong, or the account rests after too many failures."
        )
    body = TokenOut(issued.token, "Bearer", issued.expires_in, issued.user_id)
    return Response(body, headers={"Cache-Control": "no-store"})


@post("/auth/sign-out", action="auth.sign_out", resource="session", status_code=204)
async def end_token(work: UnitOfWork) -> None:
    """Revoke the bearer token that this request came with."""
    await sign_out(work)
