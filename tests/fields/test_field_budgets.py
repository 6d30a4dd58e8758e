"""How many statements the addresses of field groups cost."""

from collections.abc import AsyncIterator
from typing import Any

from tests.fields.test_groups import DOSES, GROUPS
from tests.support.clinic import Clinic, Person
from tests.support.queries import counted

ONE = f"{GROUPS}/{{key:str}}"
# Statements of one request by an administrator, without BEGIN and COMMIT, as in the other tables.
BUDGETS = {
    ("GET", GROUPS): 3,
    ("POST", GROUPS): 8,
    ("GET", f"{GROUPS}/for"): 6,
    ("GET", ONE): 3,
    # One more where fields have changed that may have values.
    ("PUT", ONE): 9,
    ("DELETE", ONE): 6,
    ("GET", f"{ONE}/versions"): 3,
    ("GET", f"{ONE}/versions/{{number:int}}"): 3,
    ("GET", f"{ONE}/form"): 2,
    ("GET", "/api/v1/field-types"): 2,
}


async def requests(cms: Clinic, admin: Person) -> AsyncIterator[tuple[str, str, str, Any]]:
    """(method, template, address, body), in an order in which each may be made."""
    post = await cms.draft(admin, format="quote")
    rules = [
        {"param": "post_category", "operator": "!=", "value": "category:x"},
        {"param": "page_type", "operator": "==", "value": "top_level"},
    ]
    item, asked = f"{GROUPS}/group_doses", f"{GROUPS}/for?type=post&id={post['id']}"
    yield "POST", GROUPS, GROUPS, {**DOSES, "location": [rules]}
    yield "GET", GROUPS, f"{GROUPS}?resolved=true", None
    yield "GET", f"{GROUPS}/for", asked, None
    yield "GET", ONE, item, None
    changed = [{**DOSES["fields"][0], "type": "number"}]
    yield "PUT", ONE, item, {**DOSES, "fields": changed}
    yield "GET", f"{ONE}/versions", f"{item}/versions", None
    yield "GET", f"{ONE}/versions/{{number:int}}", f"{item}/versions/1", None
    yield "GET", f"{ONE}/form", f"{item}/form", None
    yield "DELETE", ONE, item, None
    yield "GET", "/api/v1/field-types", "/api/v1/field-types", None


async def test_field_groups_cost_no_more_than_their_budget(cms: Clinic) -> None:
    admin = await cms.person("dona.marina", ("administrator",))
    asked, too_dear = set(), []
    async for method, template, address, body in requests(cms, admin):
        await cms.host.tenants.by_host("clinica.example")
        with counted(cms.host) as statements:
            answer = await cms.http.request(method, address, headers=admin.bearer, json=body)
        assert answer.status_code < 300, (method, address, answer.text)
        asked.add((method, template))
        if len(statements) > BUDGETS[method, template]:
            too_dear.append(f"{method} {template}: {len(statements)}\n{statements}")
    assert not too_dear, "\n".join(too_dear)
    assert asked == set(BUDGETS)
