"""What `acf` costs in statements: nothing where the site has no groups, one where it has."""

from tests.fields.groups_of_tests import V2, field, group, keep
from tests.support.clinic import Clinic
from tests.support.queries import counted


async def cost(cms: Clinic, address: str, headers: dict) -> int:
    await cms.http.get(address, headers=headers)
    with counted(cms.host) as statements:
        assert (await cms.http.get(address, headers=headers)).status_code == 200
    return len(statements)


def named(name: str, of: str) -> dict:
    return {**field(name), "key": f"field_{name}_{of}"}


async def test_lists_cost_one_statement_more_at_most(cms: Clinic) -> None:
    root = await cms.person("root", roles=("administrator",))
    terms = [
        (await root.post(f"{V2}/{base}", {"name": name})).json()["id"]
        for base in ("categories", "tags")
        for name in ("Dor", "Febre")
    ]
    for _ in range(2):
        post = await cms.draft(
            root,
            status="publish",
            comment_status="open",
            categories=terms[:2],
            tags=terms[2:],
        )
    for words in ("Obrigada.", "Boa."):
        said = {"post": post["id"], "content": words}
        assert (await root.post(f"{V2}/comments", said)).status_code == 201
    addresses = (
        f"{V2}/posts",
        f"{V2}/categories",
        f"{V2}/users?context=edit",
        f"{V2}/comments",
        f"{V2}/posts?_embed=wp:term",
        f"{V2}/posts/{post['id']}/revisions",
    )
    before = [await cost(cms, one, root.bearer) for one in addresses]
    await keep(
        cms,
        group("p", "post_type", "post", named("unit", "p")),
        group("t", "taxonomy", "all", named("unit", "t")),
        group("u", "user_role", "administrator", named("unit", "u")),
        group("c", "comment", "post", named("unit", "c")),
    )
    await root.post(f"{V2}/users/me", {"acf": {"unit": "mg"}})
    after = [await cost(cms, one, root.bearer) for one in addresses]
    more = [now - was for was, now in zip(before, after, strict=True)]
    assert more == [0, 1, 1, 1, 1, 0]
