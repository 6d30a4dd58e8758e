"""What surrounds reviews: absences, delegates, guests, checks, the library, panels."""

from datetime import UTC, datetime, timedelta

from tests.plugins.medical_review.test_checks import PROMISE, WHY

ABSENCES, LIBRARY = "/admin/reviews/absences", "/admin/reviews/library"


def ahead(days):
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


async def test_noting_an_absence_and_coming_back(bruno):
    seen = await bruno.get(ABSENCES)
    sent = seen.fields(ABSENCES) | {"from_at": ahead(-1), "to_at": ahead(5)}
    done = await bruno.follow(await bruno.send(ABSENCES, sent))
    assert "Bruno Revisor" in done.tree.css_first(".cards").text()
    assert "I am away" in (await bruno.get("/admin")).words
    [end] = [
        form.attributes["action"]
        for form in done.tree.css("main form")
        if form.attributes["action"].endswith("/end")
    ]
    assert "Nobody is away" in (await bruno.follow(await bruno.send(end, done.fields(end)))).words


async def test_an_absence_without_its_days_is_refused_with_what_was_typed(bruno):
    refused = await bruno.send(ABSENCES, {"from_at": ahead(1), "to_at": ""})
    assert refused.status == 422
    assert "must be a day and a time" in refused.words
    backwards = await bruno.send(ABSENCES, {"from_at": ahead(5), "to_at": ahead(1)})
    assert "must be later than now" in backwards.words


async def test_a_delegate_is_named_and_taken_back(bruno, newsroom):
    lia = await newsroom.reviewer("lia.revisora")
    path = "/admin/reviews/delegations"
    seen = await bruno.get(ABSENCES)
    sent = seen.fields(path) | {"to_user_id": str(lia.id), "ends_at": ahead(3)}
    done = await bruno.follow(await bruno.send(path, sent))
    assert "Lia Revisora decides for Bruno Revisor until" in done.words


async def test_a_finding_that_keeps_a_text_from_review_is_let_pass_by_a_signature(
    bruno, visitor, newsroom, ana
):
    article = await newsroom.article(ana, content=PROMISE)
    here = f"/admin/reviews/of-post/{article['id']}"
    author = await visitor(ana.login)
    seen = await author.get(here)
    assert "tem cura garantida" in seen.words
    assert "Why it may pass" not in seen.words
    step = f"{here}/overrides"
    form = (await bruno.get(here)).fields(step)
    assert (await bruno.send(step, form)).status == 422
    done = await bruno.follow(await bruno.send(step, form | {"justification": WHY}))
    assert "let pass" in done.words
    review = await newsroom.submit(article, ana)
    shown = await bruno.get(f"/admin/reviews/{review['id']}?part=checks")
    assert WHY in shown.words


async def test_the_library_is_searched_and_an_entry_read(bruno, visitor, newsroom):
    reviewer = await newsroom.reviewer()
    csl = {"type": "article-journal", "title": "Cefaleia inventada", "DOI": "10.5555/inventada.1"}
    made = await reviewer.post("/api/v1/reviews/references", {"csl": csl})
    number = made.json()["reference"]["id"]
    seen = await bruno.get(f"{LIBRARY}?q=cefaleia")
    assert f"{LIBRARY}/{number}" in seen.links
    entry = await bruno.get(f"{LIBRARY}/{number}")
    assert "10.5555/inventada.1" in entry.words
    known = await bruno.send(LIBRARY, {"kind": "doi", "value": "10.5555/INVENTADA.1"})
    assert "The library had this publication already." in (await bruno.follow(known)).words
    wrong = await bruno.send(LIBRARY, {"kind": "doi", "value": "isto não é"})
    assert wrong.status == 422
    assert "is not a doi" in wrong.words


async def test_home_shows_a_reviewer_what_waits_for_her(bruno, visitor, review, ana):
    seen = await bruno.get("/admin")
    assert "For me to review" in seen.words
    assert f"/admin/reviews/{review['id']}" in seen.links
    author = await visitor(ana.login)
    assert "For me to review" not in (await author.get("/admin")).words


async def test_a_guest_is_asked_only_where_there_is_mail(visitor, review):
    marina = await visitor("dona.marina", ["administrator"])
    path = f"/admin/reviews/{review['id']}/invite"
    seen = await marina.get(path)
    assert seen.status == 200
    sent = seen.fields(path) | {
        "name": "Carla Inventada",
        "registration": "CRM-SP 9900555",
        "email": "carla@exemplo.example",
    }
    refused = await marina.send(path, sent)
    assert refused.status == 409
    assert "There is no mail server" in refused.words


async def test_whoever_assigns_gives_one_review_and_says_when_it_is_due(visitor, newsroom, review):
    lia = await newsroom.reviewer("lia.revisora")
    marina = await visitor("dona.marina", ["administrator"])
    here = f"/admin/reviews/{review['id']}"
    seen = await marina.get(f"{here}?part=people")
    sent = seen.fields(f"{here}/assignment") | {"to_user_id": str(lia.id)}
    done = await marina.follow(await marina.send(f"{here}/assignment", sent))
    assert "In hand of Lia Revisora" in done.words
    urgent = done.fields(f"{here}/schedule") | {"priority": "urgent"}
    assert "urgent" in (await marina.follow(await marina.send(f"{here}/schedule", urgent))).words
    past = await marina.send(f"{here}/schedule", urgent | {"due_at": ahead(-2)})
    assert past.status == 422
    assert "must lie ahead" in past.words


async def test_beside_a_text_stands_what_its_reviewer_said(visitor, bruno, newsroom, ana, review):
    """On the screen where its author writes."""
    edit = f"/admin/posts/{review['post_id']}"
    author = await visitor(ana.login)
    seen = await author.get(edit)
    panel = seen.tree.css_first("[aria-labelledby=panel-review]").text(separator=" ")
    assert "Under review" in panel
    assert "Nobody has taken it up yet." in panel
    decided = await newsroom.decide(
        review, newsroom.cms.people["bruno.revisor"], "send_back", comment="Falta a dose."
    )
    assert decided.status_code == 200
    panel = (await author.get(edit)).tree.css_first("[aria-labelledby=panel-review]")
    assert "Falta a dose." in panel.text()
    assert "Who reads it when you hand it over: Medical review (one person)" in " ".join(
        panel.text(separator=" ").split()
    )
