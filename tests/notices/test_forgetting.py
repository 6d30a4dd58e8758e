"""Notices that have served are erased, and nothing that anybody still needs."""

from cms.notices.forgetting import forget_notices
from tests.notices.conftest import sql
from tests.notices.test_telling import told

SETTINGS = "/api/v1/settings"


async def forget(house):
    async with house.as_system() as work:
        await forget_notices(work)


async def left(house):
    async with house.as_system() as work:
        rows = await work.all("select about_id from cms.notices order by about_id")
    return [row.about_id for row in rows]


def aged(house, days, **where):
    """As if it had been told, and read if it was, so many days ago."""
    sql(
        house,
        "update cms.notices set created_at = created_at - make_interval(days => %s), "
        "read_at = read_at - make_interval(days => %s) where about_id = %s",
        days,
        days,
        where["about_id"],
    )


async def test_what_was_read_long_ago_is_erased_and_the_rest_stays(house):
    ana = await house.person("dr.ana")
    for number in (1, 2, 3):
        await told(house, "rota.shift", ana, shift_id=number, patients=1)
    sql(house, "update cms.notices set mail = 'sent', mail_at = now()")
    sql(house, "update cms.notices set read_at = now() where about_id in (1, 2)")
    aged(house, 181, about_id=1)
    aged(house, 179, about_id=2)
    aged(house, 2000, about_id=3)
    await forget(house)
    assert await left(house) == [2, 3], "nobody has read the third"
    await forget(house)
    assert await left(house) == [2, 3]


async def test_what_was_only_mailed_goes_once_its_letter_has(house):
    ana = await house.person("dr.ana")
    for number in (1, 2):
        await told(house, "rota.shift", ana, shift_id=number, patients=1)
        aged(house, 200, about_id=number)
    sql(house, "update cms.notices set is_listed = false")
    sql(house, "update cms.notices set mail = 'sent', mail_at = now() where about_id = 1")
    sql(house, "update cms.notices set mail = 'digest', mail_at = now() where about_id = 2")
    await forget(house)
    assert await left(house) == [2]


async def test_a_site_says_how_long_it_keeps_them(house):
    admin = await house.person("raiz", ["administrator"])
    refused = await house.http.patch(SETTINGS, json={"notices_kept_days": 6}, headers=admin.bearer)
    assert refused.status_code == 400
    changed = await house.http.patch(SETTINGS, json={"notices_kept_days": 30}, headers=admin.bearer)
    assert changed.json()["notices_kept_days"] == 30
    house.tenant = await house.host.tenants.by_slug(house.tenant.slug)
    await told(house, "rota.shift", admin, shift_id=1, patients=1)
    sql(house, "update cms.notices set read_at = now(), mail = 'sent', mail_at = now()")
    aged(house, 31, about_id=1)
    await forget(house)
    assert await left(house) == []
