"""Who was given `store_scripts` stores content as it was written; nobody else does, and no role has
it by default."""

import pytest

from cms.content import cleaning
from cms.content.events import RevisionSaved
from cms.content.models import Revision
from cms.identity.events import RolesFounded
from cms.identity.models import RoleRecord
from cms.markup.clean import clean_content

V2 = "/wp-json/wp/v2"
SCRIPT = '<p onclick="x()">a</p><script>alert(1)</script>'
LINK = "wp:action-unfiltered-html"


@pytest.fixture
async def developer(cms):
    """Somebody of a role of the site's own that has the capability."""
    async with cms.as_system() as work:
        editor = await work.session.get(RoleRecord, (work.tenant_id, "administrator"))
        own = {
            "label": "Developer",
            "capabilities": [*editor.capabilities, cleaning.STORE_SCRIPTS],
            "medical_scope": {},
            "compliance_level": editor.compliance_level,
            "audit_required": False,
        }
        work.session.add(RoleRecord(tenant_id=work.tenant_id, name="developer", **own))
        await work.emit(RolesFounded(after={"roles": ["developer"]}))
    return await cms.person("dora.dev", ["developer"])


@pytest.fixture
def told(cms):
    saved = []

    async def listen(work, event):
        saved.append(event)

    cms.host.registry.hooks.observe(RevisionSaved, listen)
    return saved


async def raw(person, base, made):
    answer = await person.get(f"{V2}/{base}/{made['id']}?context=edit")
    return answer.json()["content"]["raw"]


async def test_a_person_with_the_capability_stores_what_she_wrote(cms, developer, told):
    made = await cms.draft(developer, content=SCRIPT)
    assert made["content"]["raw"] == SCRIPT
    assert "<script>alert(1)</script>" in made["content"]["rendered"]
    assert LINK in made["_links"]
    assert told[0].after["cleaned"] is False
    autosave = f"{V2}/posts/{made['id']}/autosaves"
    await developer.post(f"{V2}/posts/{made['id']}", {"status": "publish"})
    kept = await developer.post(autosave, {"content": f"{SCRIPT}<p>b</p>"})
    assert kept.json()["content"]["raw"] == f"{SCRIPT}<p>b</p>"


@pytest.mark.parametrize("role", ["administrator", "editor", "author", "contributor"])
async def test_everybody_else_is_cleaned_also_after_her(cms, developer, told, role):
    person = await cms.person("ela", [role])
    made = await cms.draft(person, content=SCRIPT)
    assert "<script" not in made["content"]["raw"]
    assert LINK not in made["_links"]
    assert "cleaned" not in told[0].after
    hers = await cms.draft(developer, content=SCRIPT)
    answer = await person.post(f"{V2}/posts/{hers['id']}", {"title": "Outro"})
    if answer.status_code == 200:
        assert "<script" not in await raw(person, "posts", hers)


async def test_the_system_carries_what_others_wrote_and_is_cleaned(cms):
    async with cms.as_system() as work:
        post_type = work.registry.post_types["post"]
        assert not cleaning.stores_scripts(work.actor, post_type)
        assert await cleaning.cleaned(work.actor, post_type, SCRIPT) == clean_content(SCRIPT)


async def test_a_reviewed_text_is_always_cleaned(cms, developer, told):
    made = await cms.draft(developer, "medical-articles", content=SCRIPT)
    assert "<script" not in await raw(developer, "medical-articles", made)
    assert LINK not in made["_links"]
    assert "cleaned" not in told[0].after
    async with cms.as_system() as work:
        stored = await work.session.get(Revision, (work.tenant_id, told[0].revision_id))
    assert "<script" not in stored.content


async def test_a_title_is_cleaned_for_everybody(cms, developer):
    made = await cms.draft(developer, title="<script>x</script>Dor")
    assert "<script" not in made["title"]["raw"]
