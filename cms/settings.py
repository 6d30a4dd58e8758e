"""Typed settings from the environment and `cms.toml`; the environment wins."""

import os
import tomllib
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from cms.errors import SetupError

ALL_PLUGINS = ("professional_registry", "medical_review", "zero_trust", "audit_trail")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Each field is `CMS_<NAME>` in the environment; docs/reference/settings.md explains them."""

    data_dir: str = "./var"
    database_url: str = ""
    database_owner_url: str = ""
    audit_database_url: str = ""
    audit_database_owner_url: str = ""
    secret_key_file: str = ""
    platform_key_file: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    site_url: str = ""
    trusted_proxies: tuple[str, ...] = ()
    log_format: str = "text"
    media_storage: str = ""
    media_url: str = ""
    media_max_bytes: int = 100_000_000
    media_max_pixels: int = 64_000_000
    media_formats: tuple[str, ...] = ("webp", "avif")
    smtp_url: str = ""
    mail_from: str = ""
    enabled: tuple[str, ...] = ALL_PLUGINS
    plugins: dict[str, dict[str, Any]] = {}

    @property
    def data(self) -> Path:
        return Path(self.data_dir).resolve()

    @property
    def is_embedded(self) -> bool:
        """Whether the database is the one that the product starts for itself."""
        return not (self.database_url or self.database_owner_url)

    def trusts(self, ip: str | None) -> bool:
        """Whether X-Forwarded-For and -Proto from this address are believed."""
        if ip is None:
            return False
        return any(ip_address(ip) in ip_network(proxy) for proxy in self.trusted_proxies)

    @property
    def url(self) -> str:
        """Where people reach the site, without a trailing slash."""
        return (self.site_url or f"http://{self.host}:{self.port}").rstrip("/")


_ADDRESSES = (
    "database_url",
    "database_owner_url",
    "audit_database_url",
    "audit_database_owner_url",
)


def load(environ: Mapping[str, str] = os.environ, file: Path = Path("cms.toml")) -> Settings:
    """The settings, or SetupError naming the one that is wrong."""
    values: dict[str, Any] = {}
    if file.exists():
        try:
            values = tomllib.loads(file.read_text())
        except tomllib.TOMLDecodeError as error:
            raise SetupError(f"{file} is not valid TOML: {error}") from error
    for name in Settings.__struct_fields__:
        raw = environ.get(f"CMS_{name.upper()}")
        if raw is not None and name != "plugins":
            values[name] = _typed(name, raw)
    try:
        settings = msgspec.convert(values, Settings)
    except msgspec.ValidationError as error:
        raise SetupError(f"setting refused: {error}") from error
    _refuse_faults(settings)
    return settings


def _refuse_faults(settings: Settings) -> None:
    for name in _ADDRESSES:
        url = getattr(settings, name)
        if url and not url.startswith("postgresql://"):
            raise SetupError(
                f"CMS_{name.upper()} must look like postgresql://login:password@host:5432/database"
            )
        _refuse_bad_port(name, url)
    if not 0 < settings.port < 65536:
        raise SetupError(f"CMS_PORT must be between 1 and 65535, not {settings.port}")
    if settings.workers < 1:
        raise SetupError(f"CMS_WORKERS must be 1 or more, not {settings.workers}")
    if settings.log_format not in {"text", "json"}:
        raise SetupError(f"CMS_LOG_FORMAT must be text or json, not {settings.log_format!r}")
    if settings.site_url and not settings.site_url.startswith(("http://", "https://")):
        raise SetupError(f"CMS_SITE_URL must begin with https://, not {settings.site_url!r}")
    _refuse_media_faults(settings)
    for proxy in settings.trusted_proxies:
        try:
            ip_network(proxy)
        except ValueError as error:
            raise SetupError(
                f"CMS_TRUSTED_PROXIES: {error}; write addresses or networks such as 10.0.0.0/8"
            ) from error


def _refuse_media_faults(settings: Settings) -> None:
    if settings.media_url and not settings.media_url.startswith(("http://", "https://")):
        raise SetupError(f"CMS_MEDIA_URL must begin with https://, not {settings.media_url!r}")
    where = urlsplit(settings.media_storage)
    if where.scheme not in {"", "s3"} or (where.scheme == "s3" and not where.netloc):
        raise SetupError(
            "CMS_MEDIA_STORAGE must be a folder or look like "
            f"s3://bucket/prefix?endpoint=https://…, not {settings.media_storage!r}"
        )
    if where.username or where.password:
        raise SetupError(
            "CMS_MEDIA_STORAGE must hold no credentials: "
            "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    for name in ("media_max_bytes", "media_max_pixels"):
        if getattr(settings, name) < 1:
            raise SetupError(f"CMS_{name.upper()} must be 1 or more, not {getattr(settings, name)}")
    if not {"webp", "avif"}.issuperset(settings.media_formats):
        raise SetupError(
            f"CMS_MEDIA_FORMATS knows webp and avif, not {', '.join(settings.media_formats)}"
        )


def _refuse_bad_port(name: str, url: str) -> None:
    try:
        _ = urlsplit(url).port
    except ValueError as error:
        raise SetupError(f"CMS_{name.upper()}: {error}") from error


def _typed(name: str, raw: str) -> Any:
    if name in {"trusted_proxies", "enabled", "media_formats"}:
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    if name in {"port", "workers", "media_max_bytes", "media_max_pixels"}:
        try:
            return int(raw)
        except ValueError:
            raise SetupError(f"CMS_{name.upper()} must be a number, not {raw!r}") from None
    return raw
