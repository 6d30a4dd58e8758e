"""OPTIONS, the index and the OpenAPI document describe the fields of this site."""

from tests.fields.groups_of_tests import V2, field, group, keep
from tests.support.clinic import Clinic


async def described(cms: Clinic, address: str) -> dict:
    answer = await cms.http.options(address)
    assert answer.status_code == 200
    return answer.json()


async def test_options_describe_the_fields_of_the_type(cms: Clinic) -> None:
    before = await described(cms, f"{V2}/posts")
    assert "acf" not in before["schema"]["properties"]
    await keep(
        cms,
        group("g", "post_type", "post", field("dose", "number", label="Dose")),
        group("h", "post_type", "post", field("hidden"), show_in_rest=0),
        group("t", "taxonomy", "category", field("icon")),
    )
    told = await described(cms, f"{V2}/posts")
    values = told["schema"]["properties"]["acf"]
    assert values["type"] == "object"
    assert list(values["properties"]) == ["dose"]
    assert values["context"] == ["view", "edit", "embed"]
    reads, writes = told["endpoints"]
    assert reads["args"]["acf_format"]["enum"] == ["light", "standard"]
    assert "acf" not in reads["args"]
    assert list(writes["args"]["acf"]["properties"]) == ["dose"]
    for address in (f"{V2}/posts/1", f"{V2}/posts/1/revisions"):
        assert "acf" in (await described(cms, address))["schema"]["properties"]
    terms = (await described(cms, f"{V2}/categories"))["schema"]["properties"]
    assert list(terms["acf"]["properties"]) == ["icon"]
    for other in ("pages", "tags", "users", "comments", "media"):
        assert "acf" not in (await described(cms, f"{V2}/{other}"))["schema"]["properties"]
    async with cms.other() as other:
        assert "acf" not in (await described(other, f"{V2}/posts"))["schema"]["properties"]


async def test_the_index_and_openapi_say_the_same(cms: Clinic) -> None:
    await keep(cms, group("g", "post_type", "post", field("dose", "number")))
    routes = (await cms.http.get("/wp-json")).json()["routes"]
    assert "acf" in routes["/wp/v2/posts"]["endpoints"][1]["args"]
    assert "acf" not in routes["/wp/v2/pages"]["endpoints"][1]["args"]
    document = (await cms.http.get("/wp-json/openapi.json")).json()
    values = document["components"]["schemas"]["Post"]["properties"]["acf"]
    assert list(values["properties"]) == ["dose"]
    parameters = document["paths"]["/wp/v2/posts"]["get"]["parameters"]
    assert "acf_format" in {one["name"] for one in parameters}


async def test_what_a_person_may_not_read_is_not_described_to_her(cms: Clinic) -> None:
    secret = field("dose", read_capability="manage_options")
    await keep(cms, group("g", "post_type", "post", field("unit"), secret))
    told = await described(cms, f"{V2}/posts")
    assert list(told["schema"]["properties"]["acf"]["properties"]) == ["unit"]
    root = await cms.person("root", roles=("administrator",))
    answer = await cms.http.options(f"{V2}/posts", headers=root.bearer)
    assert list(answer.json()["schema"]["properties"]["acf"]["properties"]) == ["unit", "dose"]
