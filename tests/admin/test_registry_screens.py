"""Officers see to registrations and cases on screens; professionals to their own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.admin.conftest import Visiting
from tests.plugins.medical_review.conftest import Newsroom
from tests.support.clinic import Clinic
from tests.support.owner import as_owner
from tests.support.visiting import Seen

OFFICER = ("compliance_officer",)
ROOM = ("/admin/registry", "/admin/registry/new", "/admin/registry/sources")


@pytest.fixture
def newsroom(cms: Clinic, tmp_path: Path) -> Newsroom:
    return Newsroom(cms, tmp_path / "rosters")


def _first(seen: Seen, start: str) -> str:
    return next(link for link in seen.links if link.startswith(start) and link[-1].isdigit())


@pytest.mark.parametrize("path", ROOM)
async def test_everybodys_registrations_are_for_officers(visitor: Visiting, path: str) -> None:
    assert (await (await visitor()).get(path)).location.startswith("/admin/sign-in?next=")
    refused = await (await visitor("jo")).get(path)
    assert refused.status == 403
    assert "registrations" in refused.words


@pytest.mark.parametrize("language", ["en", "pt-BR"])
async def test_every_screen_opens_in_both_languages(
    newsroom: Newsroom, visitor: Visiting, language: str
) -> None:
    await newsroom.physician()
    await newsroom.revoke()
    officer = await visitor("olivia", OFFICER, language)
    listed = await officer.get("/admin/registry?only=revoked")
    person = _first(listed, "/admin/registry/")
    cases = await officer.get("/admin/registry/cases")
    case = _first(cases, "/admin/registry/cases/")
    for path in (*ROOM, person, case, f"{person}/proofs/new", "/admin/registry/clinic", "/admin"):
        seen = await officer.get(path)
        assert seen.status == 200, (path, seen.words)
    assert case in seen.links


async def test_a_registration_is_added_and_asked_about(
    newsroom: Newsroom, visitor: Visiting
) -> None:
    ana = await newsroom.cms.person("ana", ["medical_professional"])
    officer = await visitor("olivia", OFFICER)
    form = {"user_id": str(ana.id), "registration": "CRM-XX 1", "full_name": "Ana"}
    refused = await officer.send("/admin/registry/new", form)
    assert refused.status == 422
    assert refused.fields("/admin/registry/new")["registration"] == "CRM-XX 1"
    nobody = {**form, "registration": "CRM-SP 9900555", "full_name": "Ana Inventada"}
    assert (
        await officer.send("/admin/registry/new", {**nobody, "user_id": "999999"})
    ).status == 422
    added = await officer.follow(await officer.send("/admin/registry/new", nobody))
    assert added.title == "Ana Inventada"
    assert "CRM-SP 9900555" in added.words
    assert "May not sign" in added.words
    again = await officer.send("/admin/registry/new", nobody)
    assert again.status == 409
    assert "is registered already" in again.words
    found = await officer.send("/admin/registry/find", {"said": "inventada"})
    assert found.location.startswith("/admin/registry/")


async def test_a_lost_registration_is_seen_to(newsroom: Newsroom, visitor: Visiting) -> None:
    """From the first page to the end: the texts, what is done about them, and that it is over."""
    ana, bia = await newsroom.physician(), await newsroom.physician("bia.medica")
    post = await newsroom.published(ana, await newsroom.reviewer(), title="Febre")
    await newsroom.revoke()
    officer = await visitor("olivia", OFFICER)
    case = _first(await officer.get("/admin"), "/admin/registry/cases/")
    seen = await officer.get(case)
    assert "Febre" in seen.words
    assert "answers for the live text" in seen.words
    wrong = {"kind": "note", "detail": ""}
    refused = await officer.send(f"{case}/actions", wrong)
    assert refused.status == 422
    assert "a note says something" in refused.words
    # Who hands a text over has to be somebody who may edit it.
    editor = await visitor("edu", ("administrator",))
    reassigned = {"kind": "reassign", "post_id": str(post["id"]), "to_user_id": str(bia.id)}
    done = await editor.follow(await editor.send(f"{case}/actions", reassigned))
    assert "Hand the text to another professional" in done.words
    judged = {"outcome": "upheld", "reason": "O conselho confirmou."}
    reviewed = await officer.follow(await officer.send(f"{case}/review", judged))
    assert "The suspension was right" in reviewed.words
    closed = await officer.follow(await officer.send(f"{case}/close"))
    assert "The case is closed." in closed.words
    assert case not in (await officer.get("/admin/registry/cases")).links
    assert case in (await officer.get("/admin/registry/cases?only=closed")).links


async def test_a_person_sees_her_own_case_and_objects(
    newsroom: Newsroom, visitor: Visiting
) -> None:
    await newsroom.physician()
    await newsroom.revoke()
    ana = await visitor("ana.medica")
    case = _first(await ana.get("/admin"), "/admin/registry/cases/")
    seen = await ana.get(case)
    assert "Do something about a text" not in seen.words
    sent = {"contest": "É um homônimo."}
    objected = await ana.follow(await ana.send(f"{case}/contest", sent))
    assert "É um homônimo." in objected.words
    assert (await ana.send(f"{case}/close")).status == 403
    assert (await (await visitor("jo")).get(case)).status == 403


async def test_a_proof_by_hand_needs_two_people(newsroom: Newsroom, visitor: Visiting) -> None:
    ana = await newsroom.cms.person("ana", ["medical_professional"])
    first, second = await visitor("olivia", OFFICER), await visitor("otto", OFFICER)
    new = {"user_id": str(ana.id), "registration": "CRM-SP 9900556", "full_name": "Ana Inventada"}
    person = (await first.send("/admin/registry/new", new)).location
    form = (await first.get(f"{person}/proofs/new")).fields(f"{person}/proofs/new")
    form |= {"page": "https://portal.cremesp.org.br/busca?nome=ana", "said": "ATIVO"}
    evidence = {"evidence": ("tela.png", b"picture", "image/png")}
    missing = await first.send(f"{person}/proofs/new", form)
    assert missing.status == 422
    kept = await first.follow(await first.send(f"{person}/proofs/new", form, files=evidence))
    assert "waits for a second person" in kept.words
    assert "https://portal.cremesp.org.br/busca" in kept.words
    assert "nome=ana" not in kept.words
    assert "I have seen the evidence" not in kept.words
    seen = await second.get(person)
    [confirm] = [
        form.attributes["action"] for form in seen.tree.css("form")
        if (form.attributes.get("action") or "").endswith("/confirm")
    ]  # fmt: skip
    assert (await first.send(confirm)).status == 403
    confirmed = await second.follow(await second.send(confirm))
    assert "May sign." in confirmed.words
    withdrawn = await first.send(confirm.replace("confirm", "withdraw"))
    assert "May not sign" in (await first.follow(withdrawn)).words


async def test_a_professional_has_her_own_asked_about(
    newsroom: Newsroom, visitor: Visiting
) -> None:
    await newsroom.physician()
    ana = await visitor("ana.medica")
    async with newsroom.cms.as_system() as work:
        (own,) = await work.one("select id from professional_registry.professionals")
    recheck = f"/admin/registry/{own}/recheck"
    assert (await ana.send(recheck)).status == 409
    await _asked_long_ago(newsroom.cms)
    asked = await ana.send(recheck)
    assert asked.location == "/admin/profile"
    assert (await (await visitor("jo")).send(recheck)).status == 403
    assert (await ana.get(f"/admin/registry/{own}")).status == 200
    assert (await ana.send(f"/admin/registry/{own}/verify")).status == 403


async def _asked_long_ago(cms: Clinic) -> None:
    async with as_owner(cms) as owner:
        await owner.execute(
            "update professional_registry.professionals "
            "set last_validation_check = last_validation_check - interval '2 hours'"
        )


async def test_what_ends_soon_stands_on_the_first_page(
    newsroom: Newsroom, visitor: Visiting
) -> None:
    ana = await newsroom.physician()
    async with as_owner(newsroom.cms) as owner:
        await owner.execute(
            "update professional_registry.professionals set expires_at = %s",
            [datetime.now(UTC) + timedelta(days=3)],
        )
    assert (
        "Registrations that end soon" in (await (await visitor("ana.medica")).get("/admin")).words
    )
    officer = await visitor("olivia", OFFICER)
    assert "Registrations that end soon" in (await officer.get("/admin")).words
    assert "Ana Medica Inventada" in (await officer.get("/admin/registry?only=ending")).words
    assert ana.id


async def test_the_clinic_says_who_it_is(newsroom: Newsroom, visitor: Visiting) -> None:
    ana = await newsroom.physician()
    officer = await visitor("olivia", OFFICER)
    form: dict[str, Any] = {
        "name": "Clínica Inventada",
        "registration": "CRM-SP 9900999",
        "director_user_id": "",
    }
    refused = await officer.send("/admin/registry/clinic", form)
    assert refused.status == 422
    kept = await officer.send("/admin/registry/clinic", {**form, "director_user_id": str(ana.id)})
    seen = await officer.follow(kept)
    assert "Clínica Inventada · CRM-SP 9900999 · Diretor(a) técnico(a): " in seen.words
