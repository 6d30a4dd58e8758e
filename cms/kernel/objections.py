"""A reason why something may not happen yet, said so that a person can act on it."""

import msgspec


class Objection(msgspec.Struct, frozen=True):
    """`code` is stable (`review.missing`); `message` says what stands in the way, `remedy` what
    to do about it."""

    code: str
    message: str
    remedy: str
