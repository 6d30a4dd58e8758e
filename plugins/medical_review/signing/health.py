"""Whether this installation can check what it is configured to check."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from cms.kernel.declarations import Health, HealthCheck
from plugins.medical_review.settings import ReviewSettings

NAME = "icp_brasil"


async def trust_is_fresh(host: Any) -> Health:
    """Roots can be read, and no revocation list is older than it says it may be."""
    settings = host.registry.settings(ReviewSettings)
    faults = await asyncio.to_thread(lambda: list(_faults(settings)))
    count = len(settings.icp_brasil_roots)
    message = "; ".join(faults) or f"{count} files of roots are trusted"
    remedy = "Bring the files of plugins.medical_review.icp_brasil_roots and _crls up to date."
    return Health(NAME, not faults, message, remedy if faults else "")


def _faults(settings: ReviewSettings) -> Iterator[str]:
    for name in settings.icp_brasil_roots:
        yield from _fault_of(name, _is_certificate)
    for name in settings.icp_brasil_crls:
        yield from _fault_of(name, _is_current_list)


def _fault_of(name: str, look: Any) -> Iterator[str]:
    try:
        fault = look(Path(name).read_bytes())
    except (OSError, ValueError) as error:
        fault = f"cannot be read ({type(error).__name__})"
    if fault:
        yield f"{name} {fault}"


def _is_certificate(content: bytes) -> str:
    if content.lstrip().startswith(b"-----"):
        x509.load_pem_x509_certificates(content)
    else:
        x509.load_der_x509_certificate(content)
    return ""


def _is_current_list(content: bytes) -> str:
    is_pem = content.lstrip().startswith(b"-----")
    load = x509.load_pem_x509_crl if is_pem else x509.load_der_x509_crl
    until = load(content).next_update_utc
    is_over = until is not None and until < datetime.now(UTC)
    return f"ended on {until:%Y-%m-%d}" if is_over else ""


CHECKS = (HealthCheck(NAME, trust_is_fresh, readyz=False),)
