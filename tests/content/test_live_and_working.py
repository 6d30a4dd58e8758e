"""Of a reviewed type readers keep the live text while its authors work on the next one."""

V2 = "/wp-json/wp/v2"


async def test_readers_keep_the_live_text_until_the_next_one_is_agreed(noticeboard, board):
    cms = noticeboard
    ana, other = await cms.person("ana.autora"), await cms.person("bia.autora")
    draft = await cms.draft(ana, "notices", title="Falta vacina", content="<p>Um.</p>")
    path = f"{V2}/notices/{draft['id']}"
    refused = await ana.post(path, {"title": "Não salvo", "status": "publish"})
    assert (refused.status_code, refused.json()["code"]) == (409, "rest_transition_refused")
    assert refused.json()["data"]["objections"] == [
        {"code": "notice.open", "message": "The board has not agreed.", "remedy": "Ask the board."}
    ]
    await agree(ana, path, board)
    live = (await ana.post(path, {"status": "publish"})).json()
    assert (live["status"], live["title"]["raw"]) == ("publish", "Falta vacina")

    edit = {"title": "Chegou vacina", "content": "<p>Dois.</p>", "slug": "chegou", "colour": "red"}
    working = (await ana.post(path, edit)).json()
    assert working["title"]["raw"] == "Chegou vacina"
    for reader in (cms.http, other, ana):
        seen = (await reader.get(path)).json()
        assert (seen["title"]["rendered"], seen["slug"]) == ("Falta vacina", "falta-vacina")
        assert seen["colour"] == "yellow"
        assert "Dois" not in (await reader.get(f"{V2}/notices")).text
    assert (await cms.http.get(f"{V2}/notices?search=chegou")).json() == []
    assert (await cms.http.get(f"{V2}/notices?slug=falta-vacina")).json() != []
    mine = (await ana.get(f"{path}?context=edit")).json()
    assert (mine["title"]["raw"], mine["slug"], mine["colour"]) == (
        "Chegou vacina",
        "chegou",
        "red",
    )
    assert (await ana.get(f"{V2}/notices?context=edit")).json()[0]["title"][
        "raw"
    ] == "Chegou vacina"
    assert (await other.get(f"{V2}/notices?context=edit")).json() == []

    stale = await ana.post(path, {"status": "publish"})
    assert stale.status_code == 409
    await agree(ana, path, board)
    await ana.post(path, {"status": "publish"})
    seen = (await cms.http.get(path)).json()
    assert (seen["title"]["rendered"], seen["slug"]) == ("Chegou vacina", "chegou")
    assert seen["colour"] == "red"
    assert [n["id"] for n in (await cms.http.get(f"{V2}/notices?search=chegou")).json()] == [
        live["id"]
    ]


async def test_a_withdrawn_text_is_known_by_its_working_head(noticeboard, board):
    cms = noticeboard
    ana = await cms.person("ana.autora")
    path = await published(cms, ana, board)
    await ana.post(path, {"title": "Chegou vacina", "slug": "chegou"})
    back = (await ana.post(path, {"status": "draft"})).json()
    assert (back["status"], back["slug"]) == ("draft", "chegou")
    assert (await cms.http.get(path)).status_code == 401
    mine = await ana.get(f"{V2}/notices?status=draft&slug=chegou&search=chegou")
    assert [notice["title"]["rendered"] for notice in mine.json()] == ["Chegou vacina"]


async def test_properties_are_immediate_and_void_no_agreement(noticeboard, board):
    cms = noticeboard
    ana = await cms.person("ana.autora")
    path = await published(cms, ana, board)
    await ana.post(path, {"title": "Chegou vacina"})
    await agree(ana, path, board)
    closed = await ana.post(path, {"comment_status": "closed", "date": "2024-01-01T00:00:00"})
    assert (await cms.http.get(path)).json()["comment_status"] == "closed"
    assert closed.json()["title"]["raw"] == "Chegou vacina"
    assert (await ana.post(path, {"status": "publish"})).status_code == 200


async def test_a_password_protects_what_plugins_add(noticeboard, board):
    cms = noticeboard
    ana = await cms.person("ana.autora")
    path = await published(cms, ana, board)
    await ana.post(path, {"password": "segredo"})
    assert "colour" not in (await cms.http.get(path)).json()
    assert "colour" not in (await cms.http.get(f"{V2}/notices")).json()[0]
    assert (await cms.http.get(f"{path}?password=segredo")).json()["colour"] == "yellow"
    assert (await ana.get(f"{path}?context=edit")).json()["colour"] == "yellow"


async def published(cms, ana, board):
    draft = await cms.draft(ana, "notices", title="Falta vacina")
    path = f"{V2}/notices/{draft['id']}"
    await agree(ana, path, board)
    assert (await ana.post(path, {"status": "publish"})).status_code == 200
    return path


async def agree(person, path, board):
    """The board agrees to what is the working head now."""
    newest = (await person.get(f"{path}/revisions?per_page=1")).json()[0]
    board.agreed.add(newest["content_hash"])
