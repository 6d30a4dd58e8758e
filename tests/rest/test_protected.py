"""A post with a password shows its title and nothing that is behind the door."""

V2 = "/wp-json/wp/v2"
SECRET = {"content": "<p>Senha: jabuticaba.</p>", "excerpt": "Sobre jabuticaba."}


async def test_the_password_opens_a_post_and_a_wrong_one_is_refused(cms):
    author = await cms.person("ana.autora")
    reader = await cms.person("leitor", ["subscriber"])
    made = await cms.draft(
        author, title="Só para nós", password="segredo", status="publish", **SECRET
    )
    path = f"{V2}/posts/{made['id']}"
    for closed in ("", "?password=", "?context=embed"):
        seen = await cms.http.get(path + closed)
        assert seen.status_code == 200
        assert "jabuticaba" not in seen.text
        assert seen.json()["excerpt"] == {"rendered": "", "protected": True}
        assert seen.json()["title"]["rendered"] == "Só para nós"
    opened = (await cms.http.get(f"{path}?password=segredo")).json()
    assert opened["content"] == {"rendered": "<p>Senha: jabuticaba.</p>\n", "protected": True}
    assert "password" not in opened
    for who in (cms.http, reader):
        wrong = await who.get(f"{path}?password=errada")
        assert (wrong.status_code, wrong.json()["code"]) == (403, "rest_post_incorrect_password")
    assert "jabuticaba" not in (await reader.get(path)).text
    edited = (await author.get(f"{path}?context=edit")).json()
    assert edited["content"]["raw"] == SECRET["content"]
    assert edited["password"] == "segredo"


async def test_neither_lists_nor_searches_tell_what_is_protected(cms):
    author = await cms.person("ana.autora")
    people = [await cms.person(f"o.{role}", [role]) for role in ("subscriber", "contributor")]
    made = await cms.draft(
        author, title="Só para nós", password="segredo", status="publish", **SECRET
    )
    for reader in (cms.http, *people):
        listed = await reader.get(f"{V2}/posts")
        assert [post["id"] for post in listed.json()] == [made["id"]]
        assert "jabuticaba" not in listed.text
        for words in ("jabuticaba", "nós"):
            found = await reader.get(f"{V2}/posts?search={words}")
            assert (found.json(), found.headers["X-WP-Total"]) == ([], "0")
    mine = await author.get(f"{V2}/posts?search=jabuticaba")
    assert [post["id"] for post in mine.json()] == [made["id"]]


async def test_a_private_title_says_so(cms):
    author = await cms.person("ana.autora")
    made = await cms.draft(author, title="Ata", status="private")
    assert made["title"] == {"raw": "Ata", "rendered": "Private: Ata"}
    for path in (f"/posts/{made['id']}", "/posts?search=texto", "/posts"):
        assert "Ata" not in (await cms.http.get(f"{V2}{path}")).text
