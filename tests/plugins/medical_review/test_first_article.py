"""One article from draft to readers: refused, sent back, approved, published, edited."""

from tests.plugins.medical_review.conftest import ARTICLES, REVIEWS, TEXT, codes


async def test_publishing_at_once_is_refused_with_every_reason(newsroom, cms):
    ana = await newsroom.physician()
    bare = {"title": "Dor", "content": "<p>Texto.</p>", "contains_patient_data": True}
    refused = await ana.post(ARTICLES, {**bare, "status": "publish"})
    assert codes(refused) == [
        "review.missing",
        "article.disclaimer_missing",
        "article.evidence_missing",
        "article.references_missing",
        "article.audience_missing",
        "article.patient_data",
        "article.identifiable_case",
        "article.responsible_missing",
    ]
    assert all(o["message"] and o["remedy"] for o in refused.json()["data"]["objections"])
    nothing = await ana.get(f"{ARTICLES}?status=any&context=edit")
    assert nothing.json() == []


async def test_a_refused_publication_does_not_save_the_edit_that_came_with_it(newsroom):
    ana = await newsroom.physician()
    post = await newsroom.article(ana)
    refused = await newsroom.change(post, ana, title="Outro título", status="publish")
    assert codes(refused) == ["review.missing"]
    unchanged = await newsroom.read(post, ana)
    assert (unchanged["title"]["raw"], unchanged["status"]) == ("Dor de cabeça", "draft")


async def test_an_article_goes_from_draft_to_its_readers(newsroom, cms):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    assert post["medical_approval_status"] == "pending"
    assert post["cms_revision"]["state"] == "draft"
    review = await newsroom.submit(post, ana)
    waiting = await newsroom.read(post, ana)
    assert (waiting["status"], waiting["medical_approval_status"]) == ("pending", "in_review")
    queue = (await bruno.get(REVIEWS)).json()
    assert [(line["review"]["id"], line["title"]) for line in queue["reviews"]] == [
        (review["id"], "Dor de cabeça")
    ]

    decided = await newsroom.decide(review, bruno)
    assert decided.status_code == 200, decided.text
    decision = decided.json()["decision"]
    assert decision["content_hash"] == review["content_hash"]
    assert (decision["meaning"], decision["level"]) == ("approval", "simple")
    assert (decision["reviewer_name"], decision["factors"]) == ("Bruno Revisor", ["pwd"])
    assert decision["is_intact"]
    assert (await bruno.get(REVIEWS)).json() == {"reviews": [], "next": None}

    published = await newsroom.edit(post, ana, status="publish")
    assert published["cms_revision"]["state"] == "live"
    read = await newsroom.read(post)
    assert read["medical_content"] is read["professional_review_required"] is True
    assert read["medical_approval_status"] == "approved"
    assert read["professional_reviewer_id"] == bruno.id
    assert read["approval"]["content_hash"] == review["content_hash"]
    assert read["approval"]["reviewer"] == {"user_id": bruno.id, "text": "Bruno Revisor"}
    assert read["medical_approved_at"] == read["approval"]["approved_at"]
    assert read["byline"]["text"] == "Ana Medica Inventada · MÉDICO(A) CRM-SP 9900100"
    assert read["evidence_level"] == "I"
    assert "cms_revision" not in read
    assert "last_editor_id" not in read


async def test_sent_back_with_a_comment_the_article_is_a_draft_again(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    first = await newsroom.submit(post, ana)
    silent = await newsroom.decide(first, bruno, "send_back", comment="  ")
    assert (silent.status_code, list(silent.json()["faults"])) == (400, ["comment"])
    sent_back = await newsroom.decide(first, bruno, "send_back", comment="Falta a dose máxima.")
    assert sent_back.json()["post_status"] == "draft"
    draft = await newsroom.read(post, ana)
    assert (draft["status"], draft["medical_approval_status"]) == ("draft", "sent_back")
    assert draft["cms_revision"]["state"] == "sent_back"

    longer = TEXT.replace("repouso.", "repouso e água.")
    await newsroom.edit(post, ana, content=longer)
    second = await newsroom.submit(post, ana)
    shown = (await bruno.get(f"{REVIEWS}/{second['id']}")).json()
    assert shown["against"]["content_hash"] == first["content_hash"]
    [field] = shown["diff"]
    assert field["field"] == "content"
    [change] = field["changes"]
    assert (change["op"], "repouso e água." in change["after"]) == ("replace", True)
    history = (await ana.get(f"{REVIEWS}/of-post/{post['id']}")).json()
    assert [one["review"]["state"] for one in history] == ["open", "sent_back"]
    assert history[1]["decisions"][0]["comment"] == "Falta a dose máxima."
    assert (await newsroom.decide(second, bruno)).status_code == 200


async def test_a_first_review_shows_the_whole_text(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    review = await newsroom.submit(await newsroom.article(ana), ana)
    shown = (await bruno.get(f"{REVIEWS}/{review['id']}")).json()
    assert shown["content"]["raw"] == TEXT
    assert shown["content"]["rendered"].startswith("\n<p>A dor")
    assert shown["parts"]["medical"]["evidence_level"] == "I"
    assert (shown["against"], shown["is_current"]) == (None, True)
    assert {field["field"] for field in shown["diff"]} >= {"title", "content"}
    assert all(c["op"] == "insert" for field in shown["diff"] for c in field["changes"])


async def test_readers_keep_the_old_text_while_a_live_article_is_edited(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    edited = await newsroom.edit(post, ana, title="Cefaleia")
    heads = edited["cms_revision"]
    assert (edited["title"]["raw"], edited["status"]) == ("Cefaleia", "publish")
    assert (heads["state"], heads["live"] == heads["working"]) == ("changed", False)
    assert edited["medical_approval_status"] == "stale"
    reader = await newsroom.read(post)
    assert reader["title"]["rendered"] == "Dor de cabeça"
    assert reader["medical_approval_status"] == "approved"
    assert codes(await newsroom.change(post, ana, status="publish")) == ["review.stale"]


async def test_a_live_article_stays_live_while_its_new_text_is_reviewed(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    await newsroom.edit(post, ana, title="Cefaleia")
    submitted = await ana.post(REVIEWS, {"post_id": post["id"]})
    assert submitted.status_code == 201, submitted.text
    assert (await newsroom.read(post, ana))["cms_revision"]["state"] == "submitted"
    assert (await newsroom.read(post))["title"]["rendered"] == "Dor de cabeça"
    decided = await newsroom.decide(submitted.json(), bruno)
    assert decided.json()["post_status"] == "publish"
    assert (await newsroom.read(post, ana))["cms_revision"]["state"] == "approved"
    await newsroom.edit(post, ana, status="publish")
    assert (await newsroom.read(post))["title"]["rendered"] == "Cefaleia"


async def test_a_wordpress_client_submits_a_new_text_and_readers_keep_the_old_one(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    submitted = await newsroom.edit(post, ana, title="Cefaleia", status="pending")
    assert (submitted["status"], submitted["cms_revision"]["state"]) == ("publish", "submitted")
    assert (await newsroom.read(post))["title"]["rendered"] == "Dor de cabeça"
    await newsroom.decide(await newsroom.review_of(post, ana), bruno)
    await newsroom.edit(post, ana, status="publish")
    assert (await newsroom.read(post))["title"]["rendered"] == "Cefaleia"


async def test_sending_back_a_new_text_does_not_touch_the_live_one(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    await newsroom.edit(post, ana, title="Cefaleia")
    review = (await ana.post(REVIEWS, {"post_id": post["id"]})).json()
    await newsroom.decide(review, bruno, "send_back", comment="O termo afasta quem lê.")
    assert (await newsroom.read(post))["title"]["rendered"] == "Dor de cabeça"
    assert (await newsroom.read(post, ana))["cms_revision"]["state"] == "sent_back"


async def test_a_text_that_is_live_already_cannot_be_submitted(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    refused = await ana.post(REVIEWS, {"post_id": post["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "review.nothing")


async def test_patient_education_is_reviewed_by_the_same_rules(newsroom, cms):
    ana = await newsroom.physician()
    leaflet = await cms.draft(ana, "patient-education", title="Folheto")
    refused = await ana.post(
        f"/wp-json/wp/v2/patient-education/{leaflet['id']}", {"status": "publish"}
    )
    assert codes(refused)[0] == "review.missing"


async def test_ordinary_posts_need_no_review(newsroom, cms):
    author = await cms.person("caio.autor")
    post = await cms.draft(author)
    published = await author.post(f"/wp-json/wp/v2/posts/{post['id']}", {"status": "publish"})
    assert published.status_code == 200
    assert "medical_content" not in published.json()
