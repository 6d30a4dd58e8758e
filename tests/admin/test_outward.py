"""Redirects and webhooks on screens."""

import pytest

from cms.site.webhook_delivery import FAILED
from tests.identity.test_proofs import as_owner

REDIRECTS, HOOKS = "/admin/redirects", "/admin/webhooks"
CSV = "source,target,status\n/um/,/novo-um/,301\n/dois/,,410\n"


async def test_redirects_are_added_tested_changed_and_removed(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    sent = {"source": "/velho/", "target": "/novo/", "status": "302"}
    assert (await admin.send(REDIRECTS, sent)).location == REDIRECTS
    seen = await admin.get(f"{REDIRECTS}?address=/velho/")
    assert "It leads on to /novo/ (302)" in seen.words.replace("/novo ", "/novo/ ")
    one = next(link for link in seen.links if link.startswith(f"{REDIRECTS}/"))
    form = (await admin.get(one)).fields(one)
    assert (form["target"].strip("/"), form["status"]) == ("novo", "302")
    assert (await admin.send(one, form | {"target": "", "status": "410"})).status == 303
    assert "gone for good (410)" in (await admin.get(f"{REDIRECTS}?address=velho")).words
    assert (await admin.send(f"{one}/remove")).location == REDIRECTS
    assert "Nothing stands there" in (await admin.get(f"{REDIRECTS}?address=/velho/")).words


@pytest.mark.parametrize(
    "sent",
    [
        {"source": "sem barra", "target": "/x/", "status": "301"},
        {"source": "/a/", "target": "", "status": "301"},
        {"source": "/a/", "target": "/b/", "status": "200"},
        {"source": "/a/", "target": "/a/", "status": "301"},
    ],
)
async def test_faults_of_a_redirect_keep_what_was_typed(visitor, sent):
    admin = await visitor("marina", roles=["administrator"])
    refused = await admin.send(REDIRECTS, sent)
    assert refused.status == 422
    assert refused.tree.css_first("#source").attributes["value"] == sent["source"]


async def test_a_file_is_taken_whole_or_not_at_all(visitor):
    admin = await visitor("marina", roles=["administrator"])
    where = f"{REDIRECTS}/import"
    done = await admin.send(where, {}, files={"file": ("r.csv", CSV.encode(), "text/csv")})
    assert "2 redirects are imported." in (await admin.follow(done)).words
    wrong = await admin.send(where, {}, files={"file": ("r.csv", CSV.encode() + b"x", "text/csv")})
    assert wrong.status == 422
    assert (await admin.send(where, {})).status == 422
    latin = "source,target\n/ã/,/b/\n".encode("latin-1")
    refused = await admin.send(where, {}, files={"file": ("r.csv", latin, "text/csv")})
    assert "UTF-8" in refused.words


async def test_redirects_go_on_by_the_last_one(visitor):
    admin = await visitor("marina", roles=["administrator"])
    rows = "".join(f"/p{number:03}/,/x/,301\n" for number in range(60))
    await admin.send(
        f"{REDIRECTS}/import", {}, files={"file": ("r.csv", f"source,target,status\n{rows}")}
    )
    seen = await admin.get(REDIRECTS)
    assert "/p049" in seen.words
    assert "/p050" not in seen.words
    further = next(link for link in seen.links if "after=" in link)
    assert "/p059" in (await admin.get(further)).words


async def added(admin):
    sent = {"url": "https://hook.example/in", "topics": ["post.*"], "more": "term.updated"}
    seen = await admin.send(HOOKS, sent)
    assert seen.status == 200, seen.words
    secret = seen.tree.css_first("#secret").attributes["value"]
    assert secret.startswith("whsec_")
    return seen.tree.css_first("main a").attributes["href"], secret


async def test_a_webhook_shows_its_secret_once_and_can_be_changed(visitor):
    admin = await visitor("marina", roles=["administrator"])
    where, secret = await added(admin)
    seen = await admin.get(where)
    assert secret not in seen.response.text
    form = seen.fields(where)
    assert form["more"] == "term.updated"
    assert (await admin.send(where, form | {"topics": ["*"], "more": ""})).location == where
    assert "everything" in (await admin.get(where)).words
    renewed = await admin.send(f"{where}/secret")
    assert renewed.tree.css_first("#secret").attributes["value"] != secret
    del form["is_active"]
    assert (await admin.send(where, form | {"topics": ["*"]})).status == 303
    assert (await admin.send(f"{where}/ping")).status == 422
    assert (await admin.send(f"{where}/remove")).location == HOOKS


async def test_faults_of_a_webhook(visitor):
    admin = await visitor("marina", roles=["administrator"])
    refused = await admin.send(HOOKS, {"url": "http://10.0.0.1/", "more": "nada"})
    assert refused.status == 422
    assert refused.tree.css_first("#url-fault") is not None
    assert refused.tree.css_first("#topics-fault") is not None


async def test_what_was_given_up_is_listed_and_sent_again(visitor, cms):
    admin = await visitor("marina", roles=["administrator"])
    where, _ = await added(admin)
    assert (await admin.send(f"{where}/ping")).location == where
    assert "webhook.ping" in (await admin.get(where)).words
    as_owner(cms, f"update cms.webhook_deliveries set state = '{FAILED}', finished_at = now()")
    failures = await admin.get("/admin/system/failures")
    assert "webhook.ping" in failures.words
    [again] = [
        form.attributes["action"]
        for form in failures.tree.css("main form")
        if "webhooks" in form.attributes["action"]
    ]
    assert (await admin.send(again)).location == "/admin/system/failures"
    assert "webhook.ping" not in (await admin.get("/admin/system/failures")).words
    as_owner(cms, f"update cms.webhook_deliveries set state = '{FAILED}'")
    delivery = again.rpartition("/")[2]
    assert (await admin.send(f"{where}/deliveries/{delivery}")).location == where


async def test_authors_see_neither(visitor):
    ana = await visitor("ana")
    for path in (REDIRECTS, HOOKS):
        assert (await ana.get(path)).status == 403
    assert (await ana.send(f"{REDIRECTS}/import", {})).status == 403
