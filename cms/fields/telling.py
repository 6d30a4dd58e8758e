"""What the audit trail is told of the values of fields."""

from collections.abc import Mapping
from typing import Any

from cms.content.draft import Told
from cms.fields.drafts import fields_of_site
from cms.fields.site_fields import SiteFields
from cms.fields.values import PART
from cms.kernel.work import ReadableWork


async def tell_names_only(work: ReadableWork, told: Told) -> Told:
    """Of a group whose `audit_changes` is off, the trail learns which fields differ and not what
    they hold."""
    site = fields_of_site(work)
    if all(group.audits_changes for group in site.groups):
        return told
    return Told(_without(site, told.before), _without(site, told.after))


def _without(site: SiteFields, side: Mapping[str, Any]) -> Mapping[str, Any]:
    parts = side.get("parts") or {}
    if PART not in parts:
        return side
    rows = {name: _row(site, row) for name, row in parts[PART].items()}
    return {**side, "parts": {**parts, PART: rows}}


def _row(site: SiteFields, row: Mapping[str, Any]) -> Mapping[str, Any]:
    _, group = site.field_by_key.get(row["key"], (None, None))
    return row if group is None or group.audits_changes else {"key": row["key"]}
