"""Lists of posts, filtered and sorted by fields through REST."""

from typing import Any

import pytest

from cms.fields import groups
from cms.fields.indexing import index_fields
from cms.jobs.worker import build_queue
from cms.kernel.actors import SYSTEM
from tests.support.clinic import Clinic, Person
from tests.support.queries import counted

POSTS = "/wp-json/wp/v2/posts"
EVIDENCE: dict[str, Any] = {
    "key": "group_evidence",
    "title": "Evidence",
    "show_in_rest": 1,
    "location": [[{"param": "post_type", "operator": "==", "value": "post"}]],
    "fields": [
        {"key": "field_level", "name": "level", "label": "Level", "type": "select",
         "choices": {"I": "One", "II": "Two", "III": "Three"}, "filterable": 1},
        {"key": "field_dose", "name": "dose", "label": "Dose", "type": "number", "max": 500,
         "filterable": 1},
        {"key": "field_day", "name": "day", "label": "Day", "type": "date_picker", "filterable": 1},
        {"key": "field_source", "name": "source", "label": "Source", "type": "text",
         "filterable": 1, "searchable": 1},
        {"key": "field_tags", "name": "tags", "label": "Tags", "type": "checkbox",
         "allow_custom": 1, "filterable": 1},
        {"key": "field_urgent", "name": "urgent", "label": "Urgent", "type": "true_false",
         "filterable": 1},
        {"key": "field_note", "name": "note", "label": "Note", "type": "text"},
        {"key": "field_long", "name": "long", "label": "Long", "type": "wysiwyg", "filterable": 1},
        {"key": "field_pin", "name": "pin", "label": "Pin", "type": "password", "filterable": 1},
        {"key": "field_own", "name": "own", "label": "Own", "type": "text", "filterable": 1,
         "read_capability": "list_users"},
    ],
}  # fmt: skip

VALUES: dict[str, dict[str, Any]] = {
    "a": {"level": "I", "dose": 10, "day": "20260101", "source": "Revista de Saúde", "urgent": 1,
          "tags": ["x", "y"], "own": "secret"},
    "b": {"level": "II", "dose": 2.5, "day": "20260615", "source": "Jornal", "urgent": 0,
          "tags": ["y"]},
    "c": {"level": "I", "dose": 100, "day": "20261231", "tags": ["z", "y"]},
    "d": {},
}  # fmt: skip


async def keep(cms: Clinic, *definitions: dict[str, Any]) -> None:
    async with cms.as_system() as work:
        for definition in definitions:
            await groups.save(work, definition)
        work.afterwards(cms.host.tenants.forget)


@pytest.fixture
async def ana(cms: Clinic) -> Person:
    await keep(cms, EVIDENCE)
    # Who may see a field may write it.
    writer = await cms.person("chefe", roles=("administrator",))
    for day, (title, acf) in enumerate(VALUES.items(), start=1):
        date = f"2026-01-0{day}T08:00:00"
        await cms.draft(writer, title=title, acf=acf, status="publish", date=date)
    return await cms.person("ana", roles=("editor",))


def titles(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    listed = answer.json()
    assert answer.headers["X-WP-Total"] == str(len(listed))
    return "".join(one["title"]["rendered"] for one in listed)


FILTERS = [
    ("fields[level]=I", "ca"),
    ("fields[level][]=I&fields[level][]=II", "cba"),
    ("fields[level]=III", ""),
    ("fields[dose][min]=2.5&fields[dose][max]=10", "ba"),
    ("fields[dose][min]=600", ""),
    ("fields[dose]=10", "a"),
    ("fields[level]=I&fields[dose][min]=50", "c"),
    ("fields[day][min]=2026-06-15", "cb"),
    ("fields[day][max]=20260615", "ba"),
    ("fields[day]=20261231", "c"),
    ("fields[source][contains]=saude", "a"),
    ("fields[source]=Jornal", "b"),
    ("fields[source][exists]=false", "dc"),
    ("fields[source][exists]=true", "ba"),
    ("fields[level]=I&fields[source][exists]=0", "c"),
    ("fields[tags]=y", "cba"),
    ("fields[tags][]=y&fields[tags][]=z", "cba"),
    ("fields[urgent]=true", "a"),
    ("fields[urgent]=0", "b"),
    ("fields[level]=I&order=asc", "ac"),
    ("orderby=field.dose", "cab"),
    ("orderby=field.dose&order=asc", "bac"),
    ("orderby=field.dose&order=asc&fields[level]=I", "ac"),
    ("orderby=field.dose&order=asc&fields[dose][min]=5", "ac"),
    ("orderby=field.tags&order=asc", "abc"),
    ("orderby=field.day&fields[source][exists]=true", "ba"),
    ("fields=", "dcba"),
]  # fmt: skip


async def test_readers_and_editors_find_posts_by_their_fields(cms: Clinic, ana: Person) -> None:
    for query, found in FILTERS:
        assert titles(await cms.http.get(f"{POSTS}?{query}")) == found, query
        assert titles(await ana.get(f"{POSTS}?{query}")) == found, query
        assert titles(await ana.get(f"{POSTS}?{query}&context=edit")) == found, query


async def test_a_filter_goes_with_every_other(cms: Clinic, ana: Person) -> None:
    assert titles(await cms.http.get(f"{POSTS}?fields[level]=I&before=2026-01-02T00:00:00")) == "a"
    assert titles(await cms.http.get(f"{POSTS}?orderby=field.dose&search=b")) == "b"


async def test_pages_are_cut_and_counted(cms: Clinic, ana: Person) -> None:
    seen = ""
    for page in (1, 2):
        answer = await cms.http.get(f"{POSTS}?orderby=field.dose&per_page=2&page={page}")
        assert answer.headers["X-WP-Total"] == "3"
        seen += "".join(one["title"]["rendered"] for one in answer.json())
    assert seen == "cab"
    beyond = await cms.http.get(f"{POSTS}?fields[level]=I&page=9")
    assert beyond.status_code == 400


async def test_a_list_by_fields_costs_two_statements(cms: Clinic, ana: Person) -> None:
    for query in ("fields[level]=I", "orderby=field.dose", "fields[level]=I&fields[dose][min]=1"):
        await cms.host.tenants.by_host("clinica.example")
        with counted(cms.host) as statements:
            await cms.http.get(f"{POSTS}?{query}")
        assert len(statements) == 2, statements


async def test_a_save_that_changes_no_field_writes_no_index(cms: Clinic, ana: Person) -> None:
    made = await cms.draft(ana, title="e", acf={"level": "III"})
    for body, writes in (({"title": "f"}, False), ({"acf": {"level": "I"}}, True)):
        with counted(cms.host) as statements:
            await ana.post(f"{POSTS}/{made['id']}", body)
        assert any("into cms.field_index" in one for one in statements.sent) is writes


REFUSED = [
    ("fields[note]=x", "fields[note]", 'give it "filterable": true in the group group_evidence'),
    ("fields[long]=x", "fields[long]", "cannot be compared"),
    ("fields[pin]=x", "fields[pin]", "cannot be compared"),
    ("fields[none]=x", "fields[none]", "there is no field"),
    ("fields[own]=secret", "fields[own]", "there is no field"),
    ("orderby=field.own", "orderby", "there is no field"),
    ("orderby=field.note", "orderby", "filterable"),
    ("fields[level.x]=1", "fields[level.x]", "there is no field"),
    ("fields[dose]=x", "fields[dose]", "must be a number"),
    ("fields[day][min]=x", "fields[day][min]", "must be a moment"),
    ("fields[dose][contains]=1", "fields[dose][contains]", "only texts"),
    ("fields[dose][like]=1", "fields[dose][like]", "must be one of min, max, contains, exists"),
    ("fields[dose][exists]=maybe", "fields[dose][exists]", "true or false"),
    ("fields[dose][min][]=1", "fields[dose][min]", "must be a value"),
    ("fields=5", "fields", "object"),
]  # fmt: skip


async def test_what_cannot_be_asked_is_refused_with_its_remedy(cms: Clinic, ana: Person) -> None:
    for query, place, words in REFUSED:
        answer = await cms.http.get(f"{POSTS}?{query}")
        assert answer.status_code == 400, (query, answer.text)
        told = answer.json()["data"]["params"]
        assert list(told) == [place], query
        assert words in told[place], (query, told)


async def test_all_that_is_wrong_is_told_at_once(cms: Clinic, ana: Person) -> None:
    answer = await cms.http.get(f"{POSTS}?fields[note]=x&fields[dose]=y&orderby=field.pin")
    assert set(answer.json()["data"]["params"]) == {"fields[note]", "fields[dose]", "orderby"}


async def test_who_may_see_a_field_filters_by_it(cms: Clinic, ana: Person) -> None:
    root = await cms.person("root", roles=("administrator",))
    assert titles(await root.get(f"{POSTS}?fields[own]=secret")) == "a"
    assert (await ana.get(f"{POSTS}?fields[own]=secret")).status_code == 400


async def test_a_password_keeps_values_from_being_found(cms: Clinic, ana: Person) -> None:
    made = await cms.draft(ana, title="e", acf={"level": "III"}, status="publish", password="x")
    query = f"{POSTS}?fields[level]=III"
    assert titles(await cms.http.get(query)) == ""
    reader = await cms.person("rui", roles=("subscriber",))
    assert titles(await reader.get(query)) == ""
    assert titles(await ana.get(query)) != ""
    await ana.post(f"{POSTS}/{made['id']}", {"password": ""})
    assert titles(await cms.http.get(query)) == "e"
    await ana.post(f"{POSTS}/{made['id']}", {"password": "y"})
    assert titles(await cms.http.get(query)) == ""


async def test_the_index_follows_every_change_of_a_post(cms: Clinic, ana: Person) -> None:
    made = await cms.draft(ana, title="e", acf={"level": "III"})
    query, address = f"{POSTS}?fields[level]=III", f"{POSTS}/{made['id']}"
    assert titles(await cms.http.get(query)) == ""
    assert titles(await ana.get(f"{query}&status=draft")) == "e"
    await ana.post(address, {"status": "publish"})
    assert titles(await cms.http.get(query)) == "e"
    await ana.post(address, {"acf": {"level": "II"}})
    assert titles(await cms.http.get(query)) == ""
    assert titles(await cms.http.get(f"{POSTS}?fields[level]=II")) == "eb"
    await ana.post(address, {"acf": {"level": None}})
    assert titles(await cms.http.get(f"{POSTS}?fields[level]=II")) == "b"
    await ana.post(address, {"acf": {"level": "III"}, "date": "2025-01-01T00:00:00"})
    assert titles(await cms.http.get(f"{POSTS}?fields[level][]=III&fields[level][]=I")) == "cae"
    await ana.delete(address)
    assert titles(await cms.http.get(query)) == ""


async def test_a_reviewed_text_is_found_by_what_readers_get(cms: Clinic) -> None:
    await keep(
        cms, {**EVIDENCE, "location": [[{"param": "post_type", "operator": "==", "value": "page"}]]}
    )
    ana = await cms.person("ana", roles=("editor",))
    made = await cms.draft(ana, "pages", title="e", acf={"level": "I"}, status="publish")
    pages = "/wp-json/wp/v2/pages"
    assert titles(await cms.http.get(f"{pages}?fields[level]=I")) == "e"
    # Posts of another type have no such field.
    assert (await cms.http.get(f"{POSTS}?fields[level]=I")).status_code == 400
    assert made["acf"]["level"] == "I"


async def test_a_group_that_marks_other_fields_has_its_posts_indexed_again(
    cms: Clinic, ana: Person
) -> None:
    await cms.draft(ana, title="e", acf={"note": "seen"}, status="publish")
    fields = [{**one, "filterable": one["name"] == "note"} for one in EVIDENCE["fields"]]
    fields = [{**one, "searchable": one["name"] == "note"} for one in fields]
    await keep(cms, {**EVIDENCE, "fields": fields})
    queued = await jobs(cms)
    assert [one["group"] for one in queued] == ["group_evidence"] * 2
    assert titles(await cms.http.get(f"{POSTS}?fields[note]=seen")) == ""
    # As the worker does: with the site as it is now.
    tenant = await cms.host.tenants.by_id(cms.tenant.id)
    async with cms.host.shop.work(tenant, SYSTEM) as work:
        await index_fields(work, "group_evidence")
    assert titles(await cms.http.get(f"{POSTS}?fields[note]=seen")) == "e"
    assert titles(await cms.http.get(f"{POSTS}?search=seen")) == "e"
    assert titles(await cms.http.get(f"{POSTS}?search=jornal")) == ""
    async with cms.as_system() as work:
        rows = await work.all("select distinct field from cms.field_index")
    assert [row.field for row in rows] == ["note"]


async def test_a_group_that_marks_the_same_makes_no_job(cms: Clinic, ana: Person) -> None:
    before = len(await jobs(cms))
    fields = [{**one, "label": "Other"} for one in EVIDENCE["fields"]]
    await keep(cms, {**EVIDENCE, "title": "Other", "fields": fields})
    assert len(await jobs(cms)) == before
    await keep(cms, {**EVIDENCE, "title": "Other", "fields": fields, "active": False})
    assert len(await jobs(cms)) == before + 1


async def jobs(cms: Clinic) -> list[dict[str, Any]]:
    async with build_queue(cms.host).open_async() as queue:
        rows = await queue.connector.execute_query_all_async(
            "select args, scheduled_at from procrastinate_jobs "
            "where task_name = 'cms:index_fields' order by id"
        )
    # Not before every process knows the group as it is now.
    assert all(row["scheduled_at"] is not None for row in rows)
    return [dict(row["args"]) for row in rows]


async def test_the_words_of_searchable_fields_are_found(cms: Clinic, ana: Person) -> None:
    assert titles(await cms.http.get(f"{POSTS}?search=revista")) == "a"
    assert titles(await cms.http.get(f"{POSTS}?search=secret")) == ""


async def test_sensitive_groups_are_in_no_index(cms: Clinic) -> None:
    await keep(cms, {**EVIDENCE, "compliance_level": "sensitive"})
    ana = await cms.person("ana", roles=("administrator",))
    await cms.draft(ana, title="e", acf={"level": "I", "source": "Revista"}, status="publish")
    async with cms.as_system() as work:
        assert await work.all("select * from cms.field_index") == []
    assert (await ana.get(f"{POSTS}?fields[level]=I")).status_code == 400
    assert titles(await ana.get(f"{POSTS}?search=revista")) == ""
