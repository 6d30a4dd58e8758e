"""The requests of custom fields for the test of budgets, each with things that exist."""

from tests.fields.groups_of_tests import V1, V2, field, group, keep

VALUES = {"values": {"unit": "mg"}}


async def about_fields(cms, admin):
    """Values of a post, a term, a person, a comment and an options page."""
    await keep(
        cms,
        group("f", "post_type", "post", field("unit")),
        group("t", "taxonomy", "post_tag", {**field("unit"), "key": "field_t"}),
        group("u", "user_role", "administrator", {**field("unit"), "key": "field_u"}),
        group("c", "comment", "post", {**field("unit"), "key": "field_c"}),
        group("o", "options_page", "footer", {**field("unit"), "key": "field_o"}),
    )
    post = await cms.draft(admin, title="Dose", status="publish", comment_status="open")
    tag = (await admin.post(f"{V2}/tags", {"name": "Dose"})).json()["id"]
    said = {"post": post["id"], "content": "Obrigada."}
    comment = (await admin.post(f"{V2}/comments", said)).json()["id"]
    yield "GET", f"{V1}/options-pages", f"{V1}/options-pages", None
    for base, one in (
        ("posts", post["id"]), ("terms", tag), ("users", admin.id), ("comments", comment),
        ("options-pages", "footer"),
    ):  # fmt: skip
        is_page = base == "options-pages"
        template = (
            f"{V1}/{base}/{{slug:str}}" if is_page else f"{V1}/{base}/{{subject_id:int}}/fields"
        )
        address = f"{V1}/{base}/{one}" if is_page else f"{V1}/{base}/{one}/fields"
        yield "PUT", template, address, VALUES
        yield "PATCH", template, address, {"values": {"unit": "g"}}
        yield "GET", template, address, None
