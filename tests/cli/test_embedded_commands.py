"""Commands on the embedded database, side by side and after an interrupted first start."""

import subprocess
from collections.abc import Iterator

import pytest

from tests.support.installation import CMS, Installation, installation
from tests.support.ports import free_port

pytestmark = pytest.mark.xdist_group("embedded-commands")


@pytest.fixture
def made() -> Iterator[Installation]:
    with installation() as found:
        yield found


def test_commands_may_start_side_by_side_and_no_password_reaches_the_servers_log(made):
    running = [
        subprocess.Popen(
            [CMS, "tenant", "list"], env=made.environ, cwd=made.data,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for _ in range(5)
    ]  # fmt: skip
    told = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 5, told
    log = (made.data / "postgres" / "18" / "server.log").read_text()
    passwords = (made.data / "database-logins.json").read_text().split('"')[3::4]
    assert passwords
    assert [one for one in passwords if one in log] == []


def test_a_lost_file_of_logins_is_named_with_its_remedy(made):
    made.start()
    made.stop()
    (made.data / "demo-credentials.json").unlink()
    again = made.cli("demo")
    assert again.returncode == 1
    assert str(made.data) in again.stderr
    assert "Traceback" not in again.stderr


def test_the_demo_comes_back_on_another_port(made):
    made.start()
    made.done("tenant", "add", "outra", "--name", "Outra", "--host", "outra.example")
    made.stop()
    made.port = free_port()
    made.environ["CMS_PORT"] = str(made.port)
    made.start()
    assert f'"url": "{made.url}"' in (made.data / "demo-credentials.json").read_text()
    served = subprocess.run(
        ["curl", "-s", f"{made.url}/wp-json/wp/v2/posts"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert served.stdout.startswith("[")
