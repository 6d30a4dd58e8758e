"""Whatever is sent to the parts of a site, the answer is an error that names what is wrong."""

import pytest

V2 = "/wp-json/wp/v2"
FAR = 2**53
REQUESTS = (
    ("GET", "/menu-items?menu_order=9007199254740992", None),
    ("GET", f"/menu-items?page={FAR}", None),
    ("GET", f"/menus?include={FAR}&orderby=include", None),
    ("GET", "/menus/99999999999999999999", None),
    ("GET", "/menu-items/99999999999999999999", None),
    ("GET", "/menu-locations/%00", None),
    ("GET", "/widgets/%00", None),
    ("GET", "/widgets/block-99999999999999999999999", None),
    ("GET", "/sidebars/%00", None),
    ("GET", "/widget-types/%00", None),
    ("GET", "/block-types/core/%00", None),
    ("GET", "/themes/%00/..%2f", None),
    ("GET", "/plugins/..%2f..%2fetc/passwd", None),
    ("GET", "/templates/..%2f..%2f", None),
    ("POST", "/menus", {"name": "<script>alert(1)</script>"}),
    ("POST", "/menus", {"name": "x", "locations": [["primary"]]}),
    ("POST", "/menus", {"name": "\0"}),
    ("POST", "/menu-items", {"title": "x" * 6000, "url": "/"}),
    ("POST", "/menu-items", {"title": "x", "url": "/", "menus": FAR}),
    ("POST", "/menu-items", {"title": "x", "url": "/", "menu_order": FAR}),
    ("POST", "/menu-items", {"title": {"raw": ["x"]}, "url": "/"}),
    ("POST", "/menu-items", {"title": "x", "url": "data:text/html,x"}),
    ("POST", "/widgets", {"id_base": "block", "instance": {"raw": {"a": "x" * 200_000}}}),
    ("POST", "/widgets", {"id_base": "block", "instance": {"raw": {"a": [[[[[[[[[1]]]]]]]]]}}}),
    ("POST", "/widgets", {"id_base": "text", "form_data": "a=1&" * 300}),
    ("POST", "/widgets", {"id_base": "block", "instance": {"encoded": "/w==", "hash": "é"}}),
    ("POST", "/widgets", {"id_base": "block", "sidebar": "attic"}),
)


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


async def test_no_request_breaks_anything(cms, admin):
    for method, path, body in REQUESTS:
        answer = await cms.http.request(method, V2 + path, json=body, headers=admin.bearer)
        is_listed = method == "GET" and "?" in path and answer.status_code == 200
        assert is_listed or 400 <= answer.status_code < 500, (path, body, answer.text)
        if not is_listed:
            assert set(answer.json()) == {"code", "message", "data"}, path
    assert (await admin.get(f"{V2}/widgets")).json() == []
    assert (await admin.get(f"{V2}/menu-items")).json() == []


async def test_what_people_write_cannot_act_on_readers(admin):
    menu = await admin.post(f"{V2}/menus", {"name": "Sobre <b onclick=x()>nós</b>"})
    assert menu.json()["name"] == "Sobre nós"
    item = {"title": "<img src=x onerror=x()>Olá", "url": "/", "attr_title": "<script>x</script>y"}
    made = (await admin.post(f"{V2}/menu-items", item)).json()
    assert "onerror" not in str(made)
    assert made["attr_title"] == "y"
    raw = {"content": "<p onclick=x()>a</p><iframe src=//x></iframe>", "<b>": {"x": "<script>"}}
    body = {"id_base": "block", "sidebar": "sidebar-1", "instance": {"raw": raw}}
    widget = (await admin.post(f"{V2}/widgets", body)).json()
    for bad in ("onclick", "iframe", "<script"):
        assert bad not in str(widget["instance"]["raw"]) + widget["rendered"]
