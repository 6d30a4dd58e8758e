"""Asked by hand, a register is asked anew; and its words mean what administrators corrected."""

import pytest

from cms.host import open_host
from cms.identity.users import get_user
from cms.settings import Settings
from tests.plugins.professional_registry.test_manual_api import API
from tests.plugins.professional_registry.wire import server
from tests.plugins.professional_registry.wire.forms import physician, soap
from tests.plugins.professional_registry.wire.server import reply
from tests.support.clinic import Clinic

NAME = "Ana Maria Inventada"


def says(status, **more):
    return reply(soap(physician(status, **more)))


@pytest.fixture
async def council():
    async with server.opened() as opened:
        opened.will(says("A"))
        yield opened


@pytest.fixture
async def cms(database, tmp_path, council):
    """A clinic that asks the council itself, and remembers what it says for a day."""
    (tmp_path / "cfm-key").write_text("KEY")
    registry = {
        "providers": {"CRM": ["cfm-soap"]},
        "endpoints": {"cfm-soap": {"url": council.url, "attempts": 1}},
        "cfm_key_file": str(tmp_path / "cfm-key"),
        "cache_hours": 24.0,
    }
    settings = Settings(data_dir=str(tmp_path / "var"), plugins={"professional_registry": registry})
    async with open_host(settings, database) as host, Clinic.founded(host) as clinic:
        yield clinic


@pytest.fixture
async def bia(cms):
    return await cms.person("bia", ["administrator"])


async def added(bia):
    """Ana with a registration that the council was asked about: the address of her standing."""
    ana = await bia.clinic.person("ana", ["medical_professional"])
    body = {"user_id": ana.id, "registration": "CRM-SP 9900101", "full_name": NAME}
    answer = await bia.post(f"{API}/registrations", body)
    assert answer.status_code == 201, answer.text
    return f"{API}/standing/{ana.id}"


async def test_a_look_by_hand_is_not_answered_from_memory(cms, bia, council):
    standing = await added(bia)
    council.will(says("C"))
    assert (await bia.get(standing)).json()["may_sign"] is True
    seen = (await bia.post(f"{standing}/verify")).json()
    assert (seen["may_sign"], seen["status"]) == (False, "REVOKED")


async def test_so_is_one_from_the_command_line(cms, bia, council, command, tmp_path):
    standing = await added(bia)
    council.will(says("C"))
    settings = cms.host.settings.plugins["professional_registry"]
    (tmp_path / "cms.toml").write_text(
        "[plugins.professional_registry]\n"
        f'cfm_key_file = "{settings["cfm_key_file"]}"\nproviders = {{ CRM = ["cfm-soap"] }}\n'
        f'[plugins.professional_registry.endpoints.cfm-soap]\nurl = "{council.url}"\n'
    )
    told = await command("registry", "verify", "CRM-SP 9900101", "--tenant", "clinica")
    assert told == "1 verified.\n"
    assert (await bia.get(standing)).json()["status"] == "REVOKED"


async def corrected(bia, word, status):
    body = {
        "council": "CRM", "kind": "status", "subject": word, "note": "ofício do CRM",
        "value": {"status": status},
    }  # fmt: skip
    made = (await bia.post(f"{API}/corrections", body)).json()
    if made["state"] == "proposed":
        eva = await bia.clinic.person("eva", ["administrator"])
        made = (await eva.post(f"{API}/corrections/{made['id']}/confirm")).json()
    assert made["state"] == "in_force", made


@pytest.mark.parametrize(
    ("entry", "status", "means"),
    [
        ({}, "ACTIVE", "ACTIVE"),
        ({}, "SUSPENDED", "SUSPENDED"),
        # A word lets nobody sign whose kind of registration nobody can explain.
        ({"kind": "E"}, "ACTIVE", "UNVERIFIED"),
        ({"kind": "E"}, "SUSPENDED", "SUSPENDED"),
        ({"changed": "20/11/2999"}, "ACTIVE", "UNVERIFIED"),
    ],
)
async def test_a_corrected_word_counts_for_online_answers_too(
    cms, bia, council, entry, status, means
):
    """A register that begins to use another word for the same must not wait for a release. What it
    said before the correction is read anew, and costs no question."""
    council.will(says("Em pleno exercício", **entry))
    standing = await added(bia)
    assert (await bia.get(standing)).json()["status"] == "UNVERIFIED"
    questions = len(council.asked)
    await corrected(bia, "Em pleno exercício", status)
    assert (await bia.get(standing)).json()["status"] == means
    assert len(council.asked) == questions


async def test_confirming_needs_the_password_again(cms, bia):
    """Somebody else's right to sign rests on it: neither an unattended screen nor an application
    confirms."""
    body = {
        "council": "CRM", "kind": "status", "subject": "Em exercício", "note": "ofício",
        "value": {"status": "ACTIVE"},
    }  # fmt: skip
    waiting = (await bia.post(f"{API}/corrections", body)).json()
    path = f"{API}/corrections/{waiting['id']}/confirm"
    eva = await cms.person("eva", ["administrator"])
    by_application = await cms.http.post(path, auth=eva.basic)
    assert (by_application.status_code, by_application.json()["obligations"]) == (
        401, ["recent_sign_in"],
    )  # fmt: skip
    later = "update cms.tokens set authenticated_at = authenticated_at - interval '16 minutes'"
    async with cms.as_system() as work:
        await work.execute(f"{later} where user_id = {eva.id:d}")
        work.session.sync_session.connection().info["written"] = set()
    assert (await eva.post(path)).status_code == 401
    proof = await eva.post(f"{API}/proofs/1/confirm")
    assert (proof.status_code, proof.json()["obligations"]) == (401, ["recent_sign_in"])
    async with cms.as_system() as work:
        eva.token = await cms._token(work, await get_user(work, eva.id))
    assert (await eva.post(path)).json()["state"] == "in_force"
