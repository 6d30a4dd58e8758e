"""The options of a site: read with the tenant, written through a unit of work."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy.dialects.postgresql import insert

from cms.database.work import UnitOfWork
from cms.kernel.events import difference
from cms.kernel.tenant import SiteOptions
from cms.tenancy.events import OptionsChanged
from cms.tenancy.models import Option
from cms.tenancy.permalink_structure import checked

_KNOWN = frozenset(SiteOptions.__struct_fields__)
_PERSONAL = frozenset({"email"})


def site_of(stored: Mapping[str, Any]) -> SiteOptions:
    """The options from their rows; what the product does not know is left alone."""
    return msgspec.convert({name: stored[name] for name in _KNOWN & set(stored)}, SiteOptions)


def _told(before: Mapping[str, Any], after: Mapping[str, Any]) -> OptionsChanged:
    """What changed; an address of somebody is kept sealed, and only that it changed is said."""
    shown, sealed = ({n: v for n, v in after.items() if (n in _PERSONAL) is is_sealed}
                     for is_sealed in (False, True))  # fmt: skip
    return OptionsChanged(
        before={name: before[name] for name in shown},
        after={**shown, **dict.fromkeys(sealed, "changed")},
        personal={"before": {n: before[n] for n in sealed}, "after": sealed} if sealed else None,
    )


async def change(work: UnitOfWork, wanted: Mapping[str, Any]) -> SiteOptions:
    """Store options of this tenant and tell the trail. The caller has checked the values, but for
    the form of addresses, which is refused here when it names no single post; and it lets
    `TenantDirectory.forget` run after the commit (`work.afterwards`)."""
    if "permalink_structure" in wanted:
        checked(wanted["permalink_structure"])
    current = work.tenant.site
    old = {name: getattr(current, name) for name in wanted}
    before, after = difference(old, dict(wanted))
    if after:
        rows = [{"tenant_id": work.tenant_id, "name": n, "value": v} for n, v in after.items()]
        statement = insert(Option).values(rows)
        await work.execute(
            statement.on_conflict_do_update(
                index_elements=[Option.tenant_id, Option.name],
                set_={"value": statement.excluded.value},
            )
        )
        await work.emit(_told(before, after))
    return msgspec.structs.replace(current, **after)
