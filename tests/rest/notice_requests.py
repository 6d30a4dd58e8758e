"""Requests about what one was told, each with the budget of its statements."""

from cms.notices.telling import tell

NOTICES, OF_CASES = "/api/v1/notices", "/api/v1/medical/notices"
ONE = "{notice_id:int}"

BUDGETS = {
    ("GET", NOTICES): 3,
    ("GET", f"{NOTICES}/unread"): 3,
    ("POST", f"{NOTICES}/{ONE}/read"): 4,
    ("POST", f"{NOTICES}/read"): 4,
    ("GET", f"{NOTICES}/preferences"): 3,
    ("PUT", f"{NOTICES}/preferences/{{kind:str}}"): 5,
    ("PUT", f"{NOTICES}/hours"): 5,
    ("GET", OF_CASES): 3,
    ("POST", f"{OF_CASES}/{ONE}/read"): 4,
}


async def about_notices(cms, admin):
    """(method, template, address, body) of each, by somebody who was told a page of things."""
    async with cms.as_system() as work:
        for case in range(20):
            told = await tell(work, "registry.closed", [admin.id], {"case_id": case})
    chosen = {"in_app": True, "mail": "digest"}
    for method, template, address, body in (
        ("GET", NOTICES, NOTICES, None),
        ("GET", f"{NOTICES}/unread", f"{NOTICES}/unread", None),
        ("GET", OF_CASES, OF_CASES, None),
        ("POST", f"{NOTICES}/{ONE}/read", f"{NOTICES}/{told[0]}/read", None),
        ("POST", f"{OF_CASES}/{ONE}/read", f"{OF_CASES}/{told[0]}/read", None),
        ("POST", f"{NOTICES}/read", f"{NOTICES}/read", {}),
        ("GET", f"{NOTICES}/preferences", f"{NOTICES}/preferences", None),
        ("PUT", f"{NOTICES}/preferences/{{kind:str}}", f"{NOTICES}/preferences/registry.closed",
         chosen),
        ("PUT", f"{NOTICES}/hours", f"{NOTICES}/hours", {"digest": "weekly"}),
    ):  # fmt: skip
        yield method, template, address, body
