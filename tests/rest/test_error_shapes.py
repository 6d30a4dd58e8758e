"""The shapes of errors of both doors, frozen: clients read them by program.

A deliberate change is made with `CMS_FREEZE=1 pytest tests/rest/test_error_shapes.py` and shown in
the release notes.
"""

import json
import os
from pathlib import Path

FROZEN = Path(__file__).parent / "data" / "error-shapes.json"
V2, V1 = "/wp-json/wp/v2", "/api/v1"
# Name: who, method, address, body.
REQUESTS = {
    "wp: no such route": ("nobody", "GET", f"{V2}/nope", None),
    "wp: two bad arguments": ("nobody", "GET", f"{V2}/posts?per_page=0&order=up", None),
    "wp: status is for editors": ("nobody", "GET", f"{V2}/posts?status=draft", None),
    "wp: missing argument": ("editor", "POST", f"{V2}/categories", {}),
    "wp: no such post": ("nobody", "GET", f"{V2}/posts/999", None),
    "wp: must sign in": ("nobody", "POST", f"{V2}/posts", {"title": "x"}),
    "wp: may not": ("contributor", "POST", f"{V2}/posts", {"title": "x", "status": "publish"}),
    "wp: no such parent": ("editor", "POST", f"{V2}/pages", {"title": "x", "parent": 999}),
    "wp: unknown category": ("editor", "POST", f"{V2}/posts", {"title": "x", "categories": [9]}),
    "wp: nothing there to delete for good": ("editor", "DELETE", f"{V2}/posts/1?force=1", None),
    "wp: wrong token": ("impostor", "GET", f"{V2}/posts", None),
    "wp: no such site": ("lost", "GET", f"{V2}/posts", None),
    "api: no such address": ("nobody", "GET", f"{V1}/nope", None),
    "api: wrong method": ("nobody", "GET", f"{V1}/auth/token", None),
    "api: bad value": ("nobody", "POST", f"{V1}/auth/token", {"login": 1, "password": "x"}),
    "api: missing value": ("nobody", "POST", f"{V1}/auth/token", {}),
    "api: refused sign-in": ("nobody", "POST", f"{V1}/auth/token", {"login": "a", "password": "b"}),
    "api: must sign in": ("nobody", "POST", f"{V1}/auth/sign-out", None),
    "api: may not": ("contributor", "GET", f"{V1}/audit/events", None),
    "api: no such thing": ("editor", "GET", f"{V1}/reviews/999", None),
    "api: wrong token": ("impostor", "POST", f"{V1}/auth/sign-out", None),
    "api: no such site": ("lost", "POST", f"{V1}/auth/sign-out", None),
}


async def test_error_shapes_stay_what_they_are(cms):
    senders = {
        "nobody": {},
        "impostor": {"Authorization": "Bearer x"},
        "lost": {"Host": "x.example"},
    }
    for role in ("editor", "contributor"):
        senders[role] = (await cms.person(f"o.{role}", [role])).bearer
    shapes = {}
    for name, (who, method, path, body) in REQUESTS.items():
        response = await cms.http.request(method, path, json=body, headers=senders[who])
        kept = ("content-type", "www-authenticate")
        shapes[name] = {
            "status": response.status_code,
            "headers": {key: response.headers[key] for key in kept if key in response.headers},
            "body": response.json(),
        }
    if os.environ.get("CMS_FREEZE"):
        FROZEN.write_text(json.dumps(shapes, indent=1, ensure_ascii=False) + "\n")
    frozen = json.loads(FROZEN.read_text())
    assert set(shapes) == set(frozen)
    for name, shape in shapes.items():
        assert shape == frozen[name], name
