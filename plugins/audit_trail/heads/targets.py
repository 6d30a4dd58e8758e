"""The places of the settings. A new kind of place is one more line in each function."""

from pathlib import Path
from urllib.parse import urlsplit

from cms.errors import SetupError
from plugins.audit_trail.heads.publishers import Target
from plugins.audit_trail.settings import PublishSettings


def targets_of(settings: PublishSettings) -> list[Target]:
    """All places that heads go to; SetupError for an address that is none."""
    # Where nothing is published, the library for it is not loaded.
    from plugins.audit_trail.heads.publish_bucket import BucketTarget
    from plugins.audit_trail.heads.publish_folder import FolderTarget

    for address in settings.buckets:
        _refuse_faults(address)
    return [
        *(FolderTarget(Path(path), tiles=settings.tiles) for path in settings.folders),
        *(BucketTarget(address, tiles=settings.tiles) for address in settings.buckets),
    ]


def names_of(settings: PublishSettings) -> list[str]:
    """How the database and the operator know them."""
    return [target.name for target in targets_of(settings)]


def _refuse_faults(address: str) -> None:
    where = urlsplit(address)
    if where.scheme != "s3" or not where.netloc or where.username or where.password:
        raise SetupError(
            "[plugins.audit_trail.publish] buckets must look like "
            "s3://bucket/prefix?endpoint=https://…&region=…, without credentials, "
            f"not {where._replace(netloc=where.hostname or '').geturl()!r}"
        )
