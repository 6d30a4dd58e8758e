"""Values of sensitive groups: nobody finds them in the database, and those who may see them do."""

from typing import Any

from sqlalchemy import text

from cms.kernel.actors import SYSTEM, RequestFacts
from cms.sealing.events import OwnerKind
from cms.sealing.rotation import Reseal, begin
from cms.sealing.values import Owner, erase
from plugins.audit_trail.officers.purposes import state
from tests.fields.test_posts_with_fields import keep
from tests.support.clinic import Clinic

SECRET = "paciente-zero-7781"
CASE = {
    "key": "group_case",
    "title": "Case",
    "show_in_rest": 1,
    "compliance_level": "sensitive",
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "fields": [
        {"key": "field_case", "name": "case", "label": "Case", "type": "text"},
        {"key": "field_room", "name": "room", "label": "Room", "type": "number"},
    ],
}

# Every column of every table and view that the application may read.
COLUMNS = """
select c.table_schema, c.table_name, c.column_name from information_schema.columns c
join information_schema.tables t using (table_schema, table_name)
where c.table_schema in ('cms', 'audit', 'jobs')
"""


async def _tables_that_hold(cms: Clinic, word: str) -> list[str]:
    found = []
    async with cms.host.engine.connect() as connection:
        await connection.execute(
            text(f"select set_config('app.tenant_id', '{cms.tenant.id}', true)")
        )
        for row in (await connection.execute(text(COLUMNS))).all():
            place = f'"{row.table_schema}"."{row.table_name}"'
            may = await connection.execute(text(f"select has_table_privilege('{place}', 'select')"))
            if not may.scalar_one():
                continue
            looked = text(
                f'select count(*) from {place} where strpos("{row.column_name}"::text, :word) > 0'
            )
            if (await connection.execute(looked, {"word": word})).scalar_one():
                found.append(f"{place}.{row.column_name}")
    return found


async def _sealed(cms: Clinic) -> list[Any]:
    async with cms.as_system() as work:
        return await work.all(
            text("select key_id, field, commitment from cms.sealed_values where tenant_id = :t"),
            {"t": cms.tenant.id},
        )


async def test_a_sensitive_value_is_read_back_and_stands_nowhere_in_clear(cms: Clinic) -> None:
    await keep(cms, CASE)
    ana = await cms.person("ana", roles=("administrator",))
    post = await cms.draft(ana, acf={"case": SECRET, "room": 7})
    assert post["acf"] == {"case": SECRET, "room": 7}
    assert await _tables_that_hold(cms, SECRET) == []
    assert await _tables_that_hold(cms, post["title"]["raw"]) != []


async def test_saving_the_same_again_changes_nothing(cms: Clinic) -> None:
    await keep(cms, CASE)
    ana = await cms.person("ana", roles=("administrator",))
    post = await cms.draft(ana, acf={"case": SECRET, "room": 7})
    address = f"/wp-json/wp/v2/posts/{post['id']}"
    before = await _sealed(cms)
    await ana.post(address, {"acf": {"case": SECRET}})
    assert await _sealed(cms) == before
    revisions = (await ana.get(f"{address}/revisions")).json()
    assert len(revisions) == 1
    changed = (await ana.post(address, {"acf": {"case": "another"}})).json()
    assert changed["acf"] == {"case": "another", "room": 7}
    assert len(await _sealed(cms)) == len(before) + 1


async def test_a_rotation_changes_every_key_and_no_value(cms: Clinic) -> None:
    await keep(cms, CASE)
    ana = await cms.person("ana", roles=("administrator",))
    post = await cms.draft(ana, acf={"case": SECRET, "room": 7})
    first = {row.key_id for row in await _sealed(cms)}
    facts = RequestFacts(request_id="r")
    keyring = cms.host.shop.cipher.keyring
    key_id = await begin(cms.host.shop, cms.tenant, keyring, SYSTEM, facts)
    assert await Reseal(cms.host.shop, cms.tenant, keyring, SYSTEM, facts).run() == 2
    assert {row.key_id for row in await _sealed(cms)} == {key_id} != first
    again = (await ana.get(f"/wp-json/wp/v2/posts/{post['id']}?context=edit")).json()
    assert again["acf"] == {"case": SECRET, "room": 7}
    async with cms.as_system() as work:
        states = await work.all(
            text(
                "select status, rotated_to_key_id from cms.encryption_keys "
                "where purpose not like 'audit%' order by key_id"
            )
        )
    assert [tuple(row) for row in states] == [("retired", key_id), ("active", None)]


async def test_what_is_erased_is_gone_and_the_hash_of_the_text_stays(cms: Clinic) -> None:
    await keep(cms, CASE)
    ana = await cms.person("ana", roles=("administrator",))
    post = await cms.draft(ana, acf={"case": SECRET, "room": 7})
    async with cms.as_system() as work:
        assert await erase(work, Owner(OwnerKind.POST, post["id"])) == 2
    address = f"/wp-json/wp/v2/posts/{post['id']}"
    again = (await ana.get(f"{address}?context=edit")).json()
    assert again["acf"] == {"case": "", "room": None}
    assert again["modified"] == post["modified"]


async def test_who_was_shown_a_sensitive_value_is_recorded(cms: Clinic) -> None:
    await keep(cms, CASE)
    ana = await cms.person("ana", roles=("administrator",))
    post = await cms.draft(ana, acf={"case": SECRET})
    async with cms.as_system() as work:
        await state(work, "compliance")
        rows = await work.all(
            text("select after_state from audit.trail where action = 'sealing:value:open'")
        )
    assert post["acf"]["case"] == SECRET
    assert rows


async def test_the_trail_learns_no_value_of_a_group_whose_changes_are_not_audited(
    cms: Clinic,
) -> None:
    quiet = {**CASE, "compliance_level": "basic", "audit_changes": False}
    await keep(cms, quiet)
    ana = await cms.person("ana", roles=("administrator",))
    post = await cms.draft(ana, acf={"case": SECRET, "room": 7})
    await ana.post(f"/wp-json/wp/v2/posts/{post['id']}", {"acf": {"case": "other"}})
    async with cms.as_system() as work:
        await state(work, "compliance")
        rows = await work.all(
            text(
                "select before_state, after_state from audit.trail "
                "where action = 'content:revision:save' order by timestamp"
            ).columns()
        )
    told = [str(tuple(row)) for row in rows]
    assert len(told) == 2
    assert not [one for one in told if SECRET in one or "other" in one]
    assert "field_case" in told[1]
