"""Time-based one-time passwords (RFC 6238), as authenticator apps show them."""

import io
from datetime import datetime

import pyotp
import segno

SECONDS = 30
# A clock that is wrong by less than a step; RFC 6238 §5.2 recommends no more.
_SKEW = 1
_DIGITS = 6


def new_secret() -> str:
    """160 random bits in Base32 (RFC 4226 §4, R6)."""
    return pyotp.random_base32()


def step_at(moment: datetime) -> int:
    """The number of the time step."""
    return int(moment.timestamp()) // SECONDS


def step_of(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """The time step whose code this is, of those around now and later than `after`; else None. A
    code is good once: whoever saw it typed cannot use it again (RFC 6238 §5.2)."""
    typed = "".join(code.split())
    if len(typed) != _DIGITS or not (typed.isascii() and typed.isdecimal()):
        return None
    made = pyotp.TOTP(secret, digits=_DIGITS, interval=SECONDS)
    current = step_at(now)
    steps = range(max(current - _SKEW, after + 1), current + _SKEW + 1)
    found = [step for step in steps if pyotp.utils.strings_equal(made.generate_otp(step), typed)]
    return found[-1] if found else None


def address_of(secret: str, site: str, login: str) -> str:
    """What an authenticator app reads: `otpauth://totp/…` with the site and the login."""
    # A colon would part the two.
    issuer = site.replace(":", "")
    made = pyotp.TOTP(secret, digits=_DIGITS, interval=SECONDS)
    return made.provisioning_uri(name=login, issuer_name=issuer)


def picture_of(address: str) -> str:
    """The address as a QR code: an SVG element, black on white, as wide as its place."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, light="#fff"
    )
    return out.getvalue().decode()
