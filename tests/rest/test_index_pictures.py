"""The pictures that stand for a site, as its index tells of them."""

import pytest

from tests.support.pictures import photo
from tests.support.queries import counted

V2 = "/wp-json/wp/v2"
HELP = {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]}


@pytest.fixture
async def admin(cms):
    return await cms.person("dona.marina", ["administrator"])


async def uploaded(person, **data):
    answer = await person.clinic.http.post(
        f"{V2}/media",
        files={"file": ("icone.png", photo(512, 512, "PNG"))},
        data=data,
        headers=person.bearer,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def index(cms):
    answer = await cms.http.get("/wp-json/?_fields=site_logo,site_icon,site_icon_url,_links")
    return answer.json()


async def test_an_index_without_pictures_links_to_help(cms):
    assert await index(cms) == {
        "site_logo": 0, "site_icon": 0, "site_icon_url": "", "_links": HELP,
    }  # fmt: skip


async def test_an_index_names_its_logo_and_its_icon(cms, admin):
    logo, icon = await uploaded(admin), await uploaded(admin)
    set_to = {"site_logo": logo["id"], "site_icon": icon["id"]}
    assert (await admin.post(f"{V2}/settings", set_to)).status_code == 200
    told = await index(cms)
    assert (told["site_logo"], told["site_icon"]) == (logo["id"], icon["id"])
    assert told["site_icon_url"] == icon["source_url"]
    assert told["_links"]["wp:featuredmedia"] == [
        {
            "embeddable": True,
            "type": name,
            "href": f"http://clinica.example{V2}/media/{media['id']}",
        }
        for name, media in (("site_logo", logo), ("site_icon", icon))
    ]
    assert told["_links"]["curies"][0]["name"] == "wp"
    with counted(cms.host) as statements:
        await index(cms)
    assert len(statements) == 2


async def test_an_icon_that_visitors_may_not_see_has_no_address(cms, admin):
    hidden = await cms.draft(admin, title="Oculto")
    icon = await uploaded(admin, post=hidden["id"])
    await cms.set_options(site_icon=icon["id"])
    assert (await index(cms))["site_icon_url"] == ""
    await cms.set_options(site_icon=999999)
    assert (await index(cms))["site_icon_url"] == ""
