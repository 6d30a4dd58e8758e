"""The story of an article and of a person, in their languages."""

from sqlalchemy import select

from cms.identity.accounts import close_account
from cms.identity.models import User
from cms.kernel.events import Event, Subject
from tests.support.clinic import Person

TIMELINE = "/api/v1/audit/resources/post/{}/timeline"
PEOPLE = "/api/v1/audit/people/{}/timeline"


class Decided(Event, frozen=True, kw_only=True):
    """As the reviews say it."""

    tag = "review:review:decide"
    review_id: int
    post_id: int
    verdict: str

    def subject(self) -> Subject:
        return Subject("review", self.review_id)


async def told(person: Person, address: str, **asked):
    answer = await person.get(address, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _article(clinic):
    """Written, sent back, approved and published; beside it another one."""
    eva = await clinic.person("eva", ["editor"])
    post = await clinic.draft(eva, title="Dor")
    other = await clinic.draft(eva, title="Outro")
    for thing, verdict in ((other, "approve"), (post, "send_back"), (post, "approve")):
        async with eva.work() as work:
            await work.emit(Decided(review_id=thing["id"], post_id=thing["id"], verdict=verdict))
    address = f"/wp-json/wp/v2/posts/{post['id']}"
    assert (await eva.post(address, {"status": "publish"})).status_code == 200
    return eva, post


async def test_one_article_from_its_first_word_to_its_readers(clinic):
    eva, post = await _article(clinic)
    vera = await clinic.person("vera", ["compliance_officer"])
    story = await told(vera, TIMELINE.format(post["id"]), language="pt-BR")
    assert [step["label"] for step in story["entries"]] == [
        "Texto criado",
        "Revisão salva",
        "Devolvido na revisão",
        "Aprovado na revisão",
        "Publicado",
    ]
    assert {(step["actor"], step["actor_id"]) for step in story["entries"]} == {("Eva", eva.id)}
    english = await told(vera, TIMELINE.format(post["id"]), language="en", order="desc")
    assert [step["label"] for step in english["entries"]][:2] == ["Published", "Approved in review"]
    times = [step["at"] for step in story["entries"]]
    assert times == sorted(times)


async def test_a_story_goes_on_over_pages(clinic):
    _, post = await _article(clinic)
    vera = await clinic.person("vera", ["compliance_officer"])
    for order in ("asc", "desc"):
        whole = await told(vera, TIMELINE.format(post["id"]), order=order)
        seen, asked = [], {"limit": 2, "order": order}
        while True:
            page = await told(vera, TIMELINE.format(post["id"]), **asked)
            seen += page["entries"]
            if page["next"] is None:
                break
            asked["cursor"] = page["next"]
        assert seen == whole["entries"]


async def test_an_external_auditor_reads_the_story_without_names(clinic):
    _, post = await _article(clinic)
    auditor = await clinic.person("otto", ["external_auditor"])
    story = await told(auditor, TIMELINE.format(post["id"]), language="en")
    assert len(story["entries"]) == 5
    assert {step["actor"] for step in story["entries"]} == {None}


async def test_what_a_person_did_and_what_was_done_to_her(clinic):
    eva, _ = await _article(clinic)
    vera = await clinic.person("vera", ["compliance_officer"])
    life = await told(vera, PEOPLE.format(eva.id), language="en")
    did = [step["label"] for step in life["did"]["entries"]]
    assert did[0] == "Text created"
    assert did[-1] == "Published"
    assert life["done"]["entries"][0]["label"] == "Account made"
    one = await told(vera, PEOPLE.format(eva.id), only="done", limit=1)
    assert one["did"] is None
    onward = await told(vera, PEOPLE.format(eva.id), only="done", cursor=one["done"]["next"])
    assert onward["done"]["entries"][0]["event_id"] != one["done"]["entries"][0]["event_id"]
    for wrong in ({"only": "all"}, {"cursor": one["done"]["next"]}, {"language": "xx"}):
        assert (await vera.get(PEOPLE.format(eva.id), params=wrong)).status_code == 400
    reads = await told(vera, "/api/v1/audit/events", action="audit:trail:read")
    assert {event["event_data"]["what"] for event in reads["events"]} == {"person"}


async def test_somebody_who_left_is_called_erased(clinic):
    eva, post = await _article(clinic)
    vera = await clinic.person("vera", ["compliance_officer"])
    await clinic.person("dona", ["administrator"])
    async with clinic.as_system() as work:
        user = await work.entity(
            select(User).where(User.tenant_id == work.tenant_id, User.id == eva.id)
        )
        await close_account(work, user, None)
    story = await told(vera, TIMELINE.format(post["id"]), language="en")
    assert {step["actor"] for step in story["entries"]} == {"erased"}
    story = await told(vera, TIMELINE.format(post["id"]), language="pt-BR")
    assert {step["actor"] for step in story["entries"]} == {"apagado"}
