"""No limit of seconds is met in a test because the machine is busy with something else.

Where the product waits for another only so long, tests wait longer; a test of such a limit sets it
itself, and lets the other side never answer.
"""

import asyncio
import time
from collections.abc import Callable

import pytest

from cms.sealing import keys
from plugins.audit_trail.log import signing
from plugins.zero_trust import evaluations, tenants

LONG = 120.0
"""Seconds after which something that is waited for does not come any more."""


def be_patient(patch: pytest.MonkeyPatch) -> None:
    """For as long as the patch holds."""
    patch.setattr(tenants, "READ_WITHIN", LONG)
    patch.setattr(evaluations, "WRITE_WITHIN", LONG)
    patch.setattr(signing, "PATIENCE", LONG)
    # A key that is asked for again is one statement more than a budget allows.
    patch.setattr(keys, "REMEMBER_SECONDS", 3600)


async def until(is_so: Callable[[], object], what: str) -> None:
    """Wait for it, while everything else goes on."""
    end = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < end, f"waited {LONG:.0f} s for {what}"
        await asyncio.sleep(0.02)


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """The same where nothing else is going on in this process."""
    end = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < end, f"waited {LONG:.0f} s for {what}"
        time.sleep(0.05)
