"""`cms keys`: the keys that sensitive values are sealed with."""

from pathlib import Path
from typing import Any

import click

from cms.cli_support import (
    chosen_tenant,
    command_work,
    json_option,
    opened_host,
    progress_bar,
    run,
    say,
    tenant_option,
)
from cms.kernel.actors import SYSTEM, RequestFacts


@click.group("keys")
def keys_group() -> None:
    """Keys that sensitive values are sealed with."""


@keys_group.command("list")
@tenant_option
@json_option
def keys_list(tenant_slug: str | None, as_json: bool) -> None:
    """The keys of a tenant: id, version, status, and how many values each one seals."""
    from cms.sealing.keys import listed

    async def tell() -> list[dict[str, Any]]:
        async with command_work(tenant_slug) as (_, work):
            return await listed(work)

    found = run(tell)
    lines = [
        f"{one['key_id']}  {one['purpose']} v{one['version']}  {one['status']:<9} "
        f"{one['values']} values  expires {one['expires_at']:%Y-%m-%d}"
        for one in found
    ]
    say(found, as_json=as_json, text="\n".join(lines) or "Nothing was sealed yet.")


@keys_group.command("rotate")
@tenant_option
@click.option("--resume", is_flag=True, help="Go on with a rotation that was interrupted.")
@json_option
def keys_rotate(tenant_slug: str | None, resume: bool, as_json: bool) -> None:
    """Make a new key and seal every value again with it, while the site goes on. Interrupted, it is
    gone on with by --resume; until then both keys open what they sealed. What the audit trail holds
    sealed stays as it is: its entries commit to those very bytes."""
    from cms.sealing import rotation

    async def change() -> dict[str, Any]:
        async with opened_host() as host:
            tenant = await chosen_tenant(host, tenant_slug)
            facts = RequestFacts(request_id=host.new_request_id(), channel="cli")
            keyring = host.shop.cipher.keyring
            if not resume:
                await rotation.begin(host.shop, tenant, keyring, SYSTEM, facts)
            with progress_bar("sealing again", is_shown=not as_json) as progress:
                work_of = rotation.Reseal(host.shop, tenant, keyring, SYSTEM, facts, progress)
                return {"tenant": tenant.slug, "values": await work_of.run()}

    done = run(change)
    say(done, as_json=as_json, text=f"{done['values']} values are sealed with the newest key.")


@keys_group.command("erase")
@click.argument("subject", type=click.Choice(["post", "term", "user", "comment", "option"]))
@click.argument("subject_id", type=int)
@tenant_option
@click.confirmation_option(prompt="Nobody can read these values ever again. Erase them?")
@json_option
def keys_erase(subject: str, subject_id: int, tenant_slug: str | None, as_json: bool) -> None:
    """Erase what is sealed of a post, a term, a user, a comment or an options page, in all of its
    revisions. What refers to the values stays as it is, and its hashes and proofs stay true."""
    from cms.sealing.events import OwnerKind
    from cms.sealing.values import Owner, erase

    async def gone() -> int:
        async with command_work(tenant_slug) as (_, work):
            return await erase(work, Owner(OwnerKind(subject), subject_id))

    count = run(gone)
    said = {"subject": subject, "id": subject_id, "fields": count}
    say(said, as_json=as_json, text=f"Erased: the values of {count} fields.")


@keys_group.command("rewrap")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def keys_rewrap(file: Path, as_json: bool) -> None:
    """Wrap the keys of all tenants by another platform key, read from FILE or made there. Put FILE
    into CMS_PLATFORM_KEY_FILE afterwards, and start every process anew."""
    from cms.sealing.cipher import PlatformKey

    async def wrap() -> dict[str, Any]:
        new = PlatformKey.load(file, create=True)
        async with opened_host() as host:
            facts = RequestFacts(request_id=host.new_request_id(), channel="cli")
            count = 0
            for tenant in await host.tenants.all():
                async with host.shop.work(tenant, SYSTEM, facts) as work:
                    count += await host.shop.cipher.keyring.rewrap(work, new)
            return {"keys": count}

    done = run(wrap)
    text = f"{done['keys']} keys are wrapped by {file}. Name it in CMS_PLATFORM_KEY_FILE now."
    say(done, as_json=as_json, text=text)
