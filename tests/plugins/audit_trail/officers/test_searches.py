"""Questions with a name: one's own, or everybody's."""

SEARCHES = "/api/v1/audit/searches"


async def test_a_search_is_saved_run_changed_and_removed_and_all_of_it_is_told(clinic):
    ana, vera = await clinic.person("dr.ana"), await clinic.person("vera", ["compliance_officer"])
    await clinic.draft(ana)
    made = await vera.post(
        SEARCHES, {"name": "Novos textos", "filter": {"action": "content:post:*"}}
    )
    assert made.status_code == 201, made.text
    own = f"{SEARCHES}/{made.json()['id']}"
    ran = (await vera.get(f"{own}/events", params={"total": "true"})).json()
    assert [event["action"] for event in ran["events"]] == ["content:post:create"]
    assert ran["total"] == {"count": 1, "is_exact": True}
    body = {"filter": {"action": "content:revision:save"}, "is_shared": True}
    changed = await vera.clinic.http.patch(own, json=body, headers=vera.bearer)
    assert changed.json()["filter"] == {"action": "content:revision:save"}
    assert (await vera.get(own)).json()["name"] == "Novos textos"
    assert (await vera.delete(own)).status_code == 204
    assert (await vera.get(own)).status_code == 404
    told = (await vera.get("/api/v1/audit/events", params={"action": "audit:*"})).json()["events"]
    assert [event["action"] for event in told] == [
        "audit:search:save", "audit:trail:read", "audit:search:save", "audit:search:remove",
    ]  # fmt: skip
    assert told[1]["event_data"]["search_id"] == made.json()["id"]


async def test_ones_own_is_nobody_elses_and_a_shared_one_is_changed_by_its_owner(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    dora = await clinic.person("dora", ["data_protection_officer"])
    own = (await vera.post(SEARCHES, {"name": "Minha", "filter": {}})).json()["id"]
    shared = (await vera.post(SEARCHES, {"name": "Nossa", "filter": {}, "is_shared": True})).json()
    listed = (await dora.get(SEARCHES)).json()["searches"]
    assert [search["id"] for search in listed] == [shared["id"]]
    assert (await dora.get(f"{SEARCHES}/{own}")).status_code == 404
    assert (await dora.get(f"{SEARCHES}/{shared['id']}/events")).status_code == 200
    assert (await dora.delete(f"{SEARCHES}/{shared['id']}")).status_code == 403
    async with clinic.other() as other:
        olga = await other.person("olga", ["compliance_officer"])
        assert (await olga.get(SEARCHES)).json()["searches"] == []
        assert (await olga.get(f"{SEARCHES}/{shared['id']}")).status_code == 404


async def test_every_fault_of_a_search_is_named(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    refused = await vera.post(SEARCHES, {"name": " ", "filter": {"ip": "x", "limit": 3}})
    assert set(refused.json()["faults"]) == {"name", "filter.ip", "filter.limit"}
    ana = await clinic.person("dr.ana")
    assert (await ana.get(SEARCHES)).status_code == 403


async def test_a_search_by_address_is_told_without_the_address(clinic):
    vera = await clinic.person("vera", ["compliance_officer"])
    await vera.post(SEARCHES, {"name": "Endereço", "filter": {"ip": "198.51.100.23"}})
    told = await vera.get("/api/v1/audit/events", params={"action": "audit:search:save"})
    assert "198.51.100.23" not in told.text
