"""A house with a mail server, and a plugin that tells people of shifts."""

import psycopg
import pytest

from cms import core
from cms.host import open_host
from cms.kernel.notices import COUNT, DAY, ID, MOMENT, Mailing, NoticeKind, Words, word
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry
from cms.settings import Settings
from plugins.zero_trust import plugin as zero_trust
from tests.support.clinic import Clinic
from tests.support.postbox import open_postbox

SHIFT = NoticeKind(
    slug="rota.shift",
    words={
        "pt": Words(
            "Plantão {shift_id} mudou",
            "{patients, plural, one {# paciente espera} other {# pacientes esperam}}.",
            "Quando um plantão muda",
        ),
        "en": Words(
            "Shift {shift_id} has changed",
            "{patients, plural, one {# patient waits} other {# patients wait}}.",
            "When a shift changes",
        ),
    },
    facts={"shift_id": ID, "patients": COUNT},
    about="shift",
    about_fact="shift_id",
    link="/api/v1/shifts/{shift_id}",
)
ALARM = NoticeKind(
    slug="rota.alarm",
    words={
        "pt": Words("Alarme {shift_id}", "{what} em {on}, às {at}.", "Quando há um alarme"),
        "en": Words("Alarm {shift_id}", "{what} on {on}, at {at}.", "When there is an alarm"),
    },
    facts={
        "shift_id": ID,
        "what": word({"fire": {"pt": "Fogo", "en": "Fire"}}),
        "on": DAY,
        "at": MOMENT,
    },
    about="shift",
    about_fact="shift_id",
    is_urgent=True,
    is_mandatory=True,
)
NEWS = NoticeKind(
    slug="rota.news",
    words=dict.fromkeys(("pt", "en"), Words("Novas {shift_id}", "", "Novas")),
    facts={"shift_id": ID},
    about="shift",
    about_fact="shift_id",
    mail=Mailing.DIGEST,
)
ROTA = Plugin(slug="rota", notices=(SHIFT, ALARM, NEWS))


@pytest.fixture
async def postbox():
    async with open_postbox() as box:
        yield box


@pytest.fixture
async def house(database, tmp_path, postbox):
    """A clinic with a mail server."""
    settings = Settings(data_dir=str(tmp_path / "var"), **postbox.settings)
    registry = Registry([core.plugin, zero_trust, ROTA])
    async with open_host(settings, database, registry) as host, Clinic.founded(host) as clinic:
        yield clinic


def jobs(clinic, *names):
    """What waits in the queue under these names: (name, arguments)."""
    with psycopg.connect(clinic.host.worker_url) as connection:
        rows = connection.execute(
            "select substr(task_name, 5), args - 'tenant_id' from jobs.procrastinate_jobs "
            "where substr(task_name, 5) = any(%s) order by id",
            [list(names)],
        ).fetchall()
    return [(name, args) for name, args in rows]


async def run(clinic, job, **ids):
    """The job, as the worker runs it."""
    async with clinic.as_system() as work:
        await job(work, **ids)


def sql(clinic, statement, *values):
    """As the owner, for what only time would do."""
    with psycopg.connect(clinic.host.addresses.owner) as connection:
        connection.execute(f"set app.tenant_id = '{clinic.tenant.id:d}'")
        connection.execute(statement, values)
