"""The menu of a place, nested, as a front end asks for it."""

from cms.tenancy import options

V2 = "/wp-json/wp/v2"
MENU = "/api/v1/menus/primary"


async def add(admin, path, **body):
    made = await admin.post(f"{V2}/{path}", body)
    assert made.status_code == 201, made.text
    return made.json()


async def test_readers_get_the_tree_of_what_leads_somewhere(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    menu = await add(admin, "menus", name="Topo", locations=["primary"])
    live = await cms.draft(admin, title="Dor", status="publish")
    secret = await cms.draft(admin, title="Segredo")
    top = await add(admin, "menu-items", menus=menu["id"], title="Início", url="/")
    gone = await add(
        admin,
        "menu-items",
        menus=menu["id"],
        type="post_type",
        object_id=secret["id"],
        parent=top["id"],
    )
    await add(
        admin,
        "menu-items",
        menus=menu["id"],
        type="post_type",
        object_id=live["id"],
        parent=gone["id"],
    )
    await add(admin, "menu-items", menus=menu["id"], title="Depois", url="/x", status="draft")
    refused = await cms.http.get(MENU)
    assert refused.status_code == 401
    async with cms.as_system() as work:
        await options.change(work, {"public_menus": True})
        work.afterwards(cms.host.tenants.forget)
    tree = (await cms.http.get(MENU)).json()
    assert (tree["location"], tree["menu"], tree["name"]) == ("primary", menu["id"], "Topo")
    [first] = tree["items"]
    assert (first["title"], first["url"]) == ("Início", "http://clinica.example/")
    assert [(one["title"], one["url"]) for one in first["items"]] == [("Dor", live["link"])]
    assert "Segredo" not in str(tree)


async def test_an_empty_place_and_an_unknown_one(cms):
    editor = await cms.person("ed", ["contributor"])
    assert (await editor.get("/api/v1/menus/footer")).json() == {
        "location": "footer",
        "menu": None,
        "name": "",
        "items": [],
    }
    assert (await editor.get("/api/v1/menus/attic")).status_code == 404
    reader = await cms.person("leitora", ["subscriber"])
    assert (await reader.get("/api/v1/menus/footer")).status_code == 403


async def test_links_are_those_of_the_front_end(cms):
    admin = await cms.person("dona.marina", ["administrator"])
    menu = await add(admin, "menus", name="Topo", locations=["primary"])
    await add(admin, "menu-items", menus=menu["id"], title="Início", url="/inicio")
    await add(admin, "menu-items", menus=menu["id"], title="Fora", url="https://fora.example/a")
    async with cms.as_system() as work:
        await options.change(work, {"front_end_url": "https://site.example/"})
        work.afterwards(cms.host.tenants.forget)
    tree = (await admin.get(MENU)).json()
    assert [one["url"] for one in tree["items"]] == [
        "https://site.example/inicio",
        "https://fora.example/a",
    ]
