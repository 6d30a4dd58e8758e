"""Health, the description of the API, and what happens when the database is gone."""

import json
import re

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from plugins.audit_trail.settings import AuditSettings


async def test_health_is_asked_without_a_tenant(cms):
    strange = {"Host": "load-balancer"}
    alive = await cms.http.get("/healthz", headers=strange)
    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
    ready = await cms.http.get("/readyz", headers=strange)
    assert (ready.status_code, ready.json()["checks"]["database"]) == (200, "well")


async def test_the_bare_address_tells_where_the_doors_are(cms):
    doors = await cms.http.get("/")
    assert doors.status_code == 200
    assert set(doors.json().values()) == {"/wp-json/", "/api/openapi.json", "/healthz"}
    for address in doors.json().values():
        assert (await cms.http.get(address)).status_code == 200


async def test_the_description_is_openapi_3_1_and_calls_nobody_else(cms):
    response = await cms.http.get("/api/openapi.json")
    described = response.json()
    assert (response.status_code, described["openapi"]) == (200, "3.1.0")
    paths = described["paths"]
    assert {"/api/v1/auth/token", "/healthz", "/readyz"} <= set(paths)
    assert not [path for path in paths if path.startswith("/wp-json")]
    operations = [op["operationId"] for path in paths.values() for op in path.values()]
    assert len(operations) == len(set(operations))
    # No CDN in any page that describes the API.
    for path in ("/api", "/api/openapi.json", "/api/docs"):
        assert not re.search(r"(?:src|href)=|//cdn|unpkg|jsdelivr", (await cms.http.get(path)).text)
    assert "http" not in json.dumps(described.get("servers"))


async def test_an_absent_worker_is_told_and_takes_no_reader_away(cms):
    editor = await cms.person("ed.itora", ["editor"])
    await cms.draft(editor)

    async def asked(query="", lag=5.0, most_lag=900.0):
        settings = AuditSettings(lag=lag, most_lag=most_lag)
        cms.host.registry._settings[AuditSettings] = settings
        answer = await cms.http.get(f"/readyz{query}")
        return answer.status_code, answer.json()["status"]

    assert await asked(lag=600) == (200, "ready")
    assert await asked(lag=0) == (200, "degraded")
    assert await asked("?for=writes", lag=0) == (200, "degraded")
    assert await asked(lag=0, most_lag=0) == (200, "degraded")
    assert await asked("?for=writes", lag=0, most_lag=0) == (503, "not ready")
    checks = (await cms.http.get("/readyz")).json()["checks"]
    assert "events are not in the log yet" in checks["audit_lag"]


async def test_without_a_database_requests_are_told_to_come_back(cms, cluster):
    ana = await cms.person("ana.autora")
    name = make_url(cms.host.addresses.owner).database
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
    for _ in range(2):
        response = await ana.get("/wp-json/wp/v2/posts")
        assert (response.status_code, response.json()["code"]) == (503, "rest_unavailable")
        problem = await ana.post("/api/v1/auth/sign-out")
        assert problem.json()["type"] == "urn:cms:problem:unavailable"
    ready = await cms.http.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (503, "not ready")
    assert (await cms.http.get("/healthz")).status_code == 200
