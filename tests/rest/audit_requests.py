"""What officers ask, with what each question may cost."""

from sqlalchemy import insert

from plugins.audit_trail.alerts.models import OPEN, Alert
from plugins.audit_trail.events import AlertRaised

A = "/api/v1/audit"
SEARCH, RULE = f"{A}/searches/{{search_id:int}}", f"{A}/alert-rules/{{rule_id:int}}"
ALERT = f"{A}/alerts/{{alert_id:int}}"
TIMELINE = f"{A}/resources/{{resource_type:str}}/{{resource_id:int}}/timeline"
LIFE = f"{A}/people/{{person_id:int}}/timeline"

BUDGETS = {
    # The file itself is read in transactions of its own, one for 500 events.
    ("GET", f"{A}/events/export"): 9,
    ("GET", f"{A}/daily"): 5,
    # Of a post the reviews are asked for too; of a person what she did and what was done to her.
    ("GET", TIMELINE): 6,
    ("GET", LIFE): 8,
    ("GET", f"{A}/searches"): 3,
    ("POST", f"{A}/searches"): 5,
    ("GET", SEARCH): 3,
    ("PATCH", SEARCH): 5,
    ("DELETE", SEARCH): 5,
    # Sealed values and the keys that open them are two statements of it.
    ("GET", f"{SEARCH}/events"): 8,
    # The first time the rules that every site begins with are made.
    ("GET", f"{A}/alert-rules"): 30,
    ("POST", f"{A}/alert-rules"): 5,
    ("GET", RULE): 3,
    ("PATCH", RULE): 5,
    ("DELETE", RULE): 5,
    ("GET", f"{A}/alerts"): 3,
    ("GET", ALERT): 3,
    ("POST", f"{ALERT}/acknowledge"): 5,
}


async def about_audit(cms, admin, thing):
    """Requests for everything below /audit, in an order in which each may be made."""
    yield "GET", f"{A}/events/export", f"{A}/events/export?resource_type=post", None
    yield "GET", f"{A}/daily", f"{A}/daily", None
    yield "GET", TIMELINE, f"{A}/resources/post/{thing}/timeline", None
    yield "GET", LIFE, f"{A}/people/{admin.id}/timeline", None
    saved = {"name": "Textos", "filter": {"action": "content:post:*"}}
    yield "POST", f"{A}/searches", f"{A}/searches", saved
    yield "GET", f"{A}/searches", f"{A}/searches", None
    search = f"{A}/searches/{(await admin.get(f'{A}/searches')).json()['searches'][0]['id']}"
    yield "GET", SEARCH, search, None
    yield "GET", f"{SEARCH}/events", f"{search}/events", None
    yield "PATCH", SEARCH, search, {"is_shared": True}
    yield "DELETE", SEARCH, search, None
    yield "GET", f"{A}/alert-rules", f"{A}/alert-rules", None
    yield "POST", f"{A}/alert-rules", f"{A}/alert-rules", {"name": "Tudo", "threshold": 9}
    listed = (await admin.get(f"{A}/alert-rules")).json()["rules"]
    rule = f"{A}/alert-rules/{listed[-1]['id']}"
    yield "GET", RULE, rule, None
    yield "PATCH", RULE, rule, {"threshold": 8}
    yield "DELETE", RULE, rule, None
    await _raise(cms, listed[0]["id"])
    yield "GET", f"{A}/alerts", f"{A}/alerts", None
    yield "GET", ALERT, f"{A}/alerts/1", None
    yield "POST", f"{ALERT}/acknowledge", f"{A}/alerts/1/acknowledge", {"note": "Visto."}


async def _raise(cms, rule_id):
    async with cms.as_system() as work:
        await work.execute(
            insert(Alert).values(
                tenant_id=work.tenant_id, id=1, rule_id=rule_id, rule_name="Tudo", key_hash=b"k",
                events=[], raised_at=work.now, state=OPEN, note="",
            )
        )  # fmt: skip
        await work.emit(AlertRaised(alert_id=1, rule_id=rule_id))
