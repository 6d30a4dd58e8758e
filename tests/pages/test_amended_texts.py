"""What became of a medical text after its publication, and who answers for the site: on pages."""

from plugins.professional_registry import clinic
from tests.pages.conftest import Site
from tests.plugins.medical_review.conftest import Newsroom
from tests.plugins.medical_review.test_amendments import REASON, RIGHT, WRONG, correct, retract


async def test_corrections_and_retractions_stand_above_the_text(site: Site, tmp_path) -> None:
    newsroom = Newsroom(site.cms, tmp_path / "rosters")
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.published(ana, bruno)
    rui = await newsroom.physician("rui.revisor", roles=("content_reviewer", "administrator"))
    assert (await correct(rui, post)).status_code == 201
    corrected = await site.see(post["link"])
    assert (corrected.text(".is-correction del"), corrected.text(".is-correction ins")) == (
        WRONG,
        RIGHT,
    )
    assert "CRM-SP" in corrected.text(".is-correction .signed")
    taken = await retract(rui, post)
    assert taken.status_code == 201, taken.text
    seen = await site.see(post["link"])
    assert seen.status == 200
    assert REASON in seen.text(".notice.is-retraction")
    assert seen.text(".mark") == "Retratado"
    assert seen.values("meta[name=robots]", "content") == ["noindex"]
    assert "Retracted" in seen.tree.css_first("script").text()
    assert "Retratado" in (await site.see("/")).text("article.card .mark")


async def test_the_technical_director_stands_at_the_foot_of_every_page(
    site: Site, tmp_path
) -> None:
    """CFM 2.336/2023, arts. 5 and 6."""
    director = await Newsroom(site.cms, tmp_path / "rosters").physician()
    wanted = clinic.Identification(
        name="Clínica da Praça", registration="CRM-SP 9900999", director_user_id=director.id
    )
    async with site.editor.work() as work:
        await clinic.identify(work, wanted)
    for address in ("/", "/nada/", await site.path()):
        said = (await site.see(address)).text(".imprint")
        assert said.startswith("Clínica da Praça · CRM-SP 9900999 · Diretor(a) técnico(a): ")
