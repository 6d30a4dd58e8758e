"""The family of errors that people meet. Each door gives them its own shape, once, at the edge."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from cms.kernel.events import Event
from cms.kernel.objections import Objection


class CmsError(Exception):
    """Something that a person can be told: what is wrong, with which value, and what to do next."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal"
    is_refusal: bool = False
    """Whether it is kept in the trail that a known person met it."""

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class SetupError(CmsError):
    """The installation is not ready to run; the message is one line that says what to do."""

    slug = "setup"


class NotFound(CmsError):
    """There is no such thing for this reader."""

    status, slug = 404, "not-found"

    def __init__(self, kind: str, wanted: object) -> None:
        super().__init__(f"There is no {kind} {wanted}.", kind=kind)
        self.kind, self.wanted = kind, wanted


class Unauthenticated(CmsError):
    """The request must say who sends it."""

    status, slug = 401, "sign-in-required"


class SecondFactorRequired(Unauthenticated):
    """The password is right, and the account has a second factor."""

    slug = "second-factor-required"

    def __init__(self) -> None:
        super().__init__(
            "This account has a second factor. Send the code of the authenticator app, or a "
            "recovery code, in `otp`."
        )


class NonceRefused(CmsError):
    """The nonce of the request is none of its session, or there is no such session."""

    status, slug = 403, "nonce-refused"

    def __init__(self) -> None:
        super().__init__(
            "The nonce does not belong to a session of this browser. Fetch a new one at "
            "/wp-admin/admin-ajax.php?action=rest-nonce, or sign in again."
        )


class Forbidden(CmsError):
    """The actor is known, and may not do this."""

    status, slug = 403, "forbidden"
    is_refusal = True

    def __init__(self, message: str, *, action: str, **facts: Any) -> None:
        super().__init__(message, **facts)
        self.action = action


class CapabilityMissing(Forbidden):
    """No role of the actor grants the capability that the action needs."""

    slug = "capability-missing"


class ValueForbidden(CapabilityMissing):
    """Values were to be changed that this actor may not change; nothing was saved."""

    slug = "field-forbidden"

    def __init__(self, message: str, fields: Sequence[str]) -> None:
        super().__init__(message, action="field.edit", fields=list(fields))
        self.fields = list(fields)


class PolicyDenied(Forbidden):
    """A policy denies the action; the reasons are those of the policies."""

    slug = "policy-denied"


class StepUpRequired(CmsError):
    """The policy would allow the action once the actor has satisfied its obligations.

    RFC 9470 gives the answer its form: 401 with `insufficient_user_authentication`. `max_age` is
    the age in seconds that a sign-in may have at most.
    """

    status, slug = 401, "step-up"
    is_refusal = True

    def __init__(
        self,
        action: str,
        obligations: Sequence[str],
        reasons: Sequence[str],
        max_age: int = 43_200,
    ) -> None:
        wanted = ", ".join(obligations)
        super().__init__(
            f"This needs a stronger sign-in first ({wanted}). "
            "Sign in with your password (POST /api/v1/auth/token) and repeat the request "
            "with the bearer token.",
            obligations=list(obligations),
            reasons=list(reasons),
            max_age=max_age,
        )
        self.action = action
        self.obligations = tuple(obligations)
        self.max_age = max_age


class InvalidInput(CmsError):
    """One or more values were refused; every fault is named with its field.

    `codes` are WordPress's names of faults, `details` what else a client can make use of, such as
    the rule that is broken.
    """

    status, slug = 400, "invalid-input"

    def __init__(
        self,
        faults: Mapping[str, str],
        *,
        codes: Mapping[str, str] | None = None,
        details: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        listed = "; ".join(f"{field}: {fault}" for field, fault in faults.items())
        super().__init__(f"Invalid value: {listed}", faults=dict(faults))
        self.faults = dict(faults)
        self.codes = dict(codes or {})
        self.details = dict(details or {})


class Conflict(CmsError):
    """The thing is not in the state that the request expects."""

    status, slug = 409, "conflict"


class Outdated(CmsError):
    """The thing has been changed since it was read; nothing was saved (RFC 9110 §13.1.1)."""

    status, slug = 412, "outdated"


class TooManyRequests(CmsError):
    """The same was asked too often in too short a time; `retry_after` is in seconds."""

    status, slug = 429, "too-many-requests"


class TransitionRefused(CmsError):
    """The post may not move to the wanted status yet; nothing was saved."""

    status, slug = 409, "transition-refused"
    is_refusal = True

    def __init__(self, objections: Sequence[Objection], event: Event) -> None:
        super().__init__(" ".join(o.message for o in objections))
        self.objections = tuple(objections)
        self.event = event


class UnknownSite(CmsError):
    """No tenant answers to this host name (RFC 9110 §15.5.20)."""

    status, slug = 421, "unknown-site"


class Unavailable(CmsError):
    """A part that the answer needs does not answer itself; the same request may succeed later."""

    status, slug = 503, "unavailable"


class UnauditedWrite(CmsError):
    """A protected table was changed without an event that tells of it; the commit is refused."""

    slug = "unaudited-write"
