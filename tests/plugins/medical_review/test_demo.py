"""The demo clinic tells a story that the product itself would have allowed."""

from cms.demo import DemoSite
from plugins.medical_review import demo
from plugins.medical_review.demo_articles import MIGRAINE, SEIZURE, STROKE
from plugins.professional_registry import demo as registry_demo
from tests.plugins.medical_review.conftest import ARTICLES


async def test_the_demo_shows_an_article_in_each_state(cms):
    site = DemoSite(cms.host, cms.tenant)
    await registry_demo.seed(site)
    await demo.seed(site)
    assert set(site.people) >= {"author", "reviewer", "legal"}
    [live] = (await cms.http.get(ARTICLES)).json()
    assert live["title"]["rendered"] == MIGRAINE.title
    assert "Cephalalgia. 2018;38(1):1–211" in live["content"]["rendered"]
    assert "RQE 990101" in live["byline"]["text"]
    assert "MÉDICO(A) CRM-SP 9900102" in live["approval"]["reviewer"]["text"]
    admin = await cms.person("ada.admin", ["administrator"])
    everything = (await admin.get(f"{ARTICLES}?status=any&context=edit")).json()
    assert {post["title"]["raw"]: post["cms_revision"]["state"] for post in everything} == {
        MIGRAINE.title: "live",
        STROKE.title: "submitted",
        SEIZURE.title: "draft",
    }
    stored = {post["title"]["raw"]: post["content"]["raw"] for post in everything}
    assert stored[STROKE.title] == STROKE.content
