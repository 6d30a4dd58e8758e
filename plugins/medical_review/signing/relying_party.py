"""For which site a passkey is made, and from which addresses it may be used (WebAuthn §5.1.2)."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cms.kernel.tenant import Tenant
from cms.kernel.work import ReadableWork
from plugins.medical_review.settings import ReviewSettings

_LOOPBACK = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class RelyingParty:
    """`id` is the domain of the passkeys, `origins` are the addresses of pages that ask for one."""

    id: str
    name: str
    origins: tuple[str, ...]


def relying_party(work: ReadableWork) -> RelyingParty:
    """That of the tenant: the configured domain or its first host name, and its pages below it."""
    tenant = work.tenant
    domain = work.settings(ReviewSettings).passkey_domains.get(tenant.slug) or _first(tenant)
    places = [_origin(host) for host in tenant.hosts]
    if tenant.site.front_end_url:
        parts = urlsplit(tenant.site.front_end_url)
        places.append(f"{parts.scheme}://{parts.netloc}")
    origins = tuple(dict.fromkeys(one for one in places if _is_below(one, domain)))
    return RelyingParty(domain, tenant.name, origins)


def _first(tenant: Tenant) -> str:
    return _name(_origin(tenant.hosts[0])) if tenant.hosts else "localhost"


def _origin(host: str) -> str:
    return f"{'http' if host.startswith(_LOOPBACK) else 'https'}://{host}"


def _name(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _is_below(origin: str, domain: str) -> bool:
    name = _name(origin)
    return name == domain or name.endswith(f".{domain}")
