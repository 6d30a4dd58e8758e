"""A wrong set-up is one line that says what to do, and an exit code that is not 0."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from cms.host import Addresses

CMS = Path(sys.executable).parent / "cms"


def cms(*words: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CMS_")}
    named = {f"CMS_{name.upper()}": value for name, value in settings.items()}
    return subprocess.run(
        [CMS, *words],
        env={**clean, "CMS_DATA_DIR": str(cwd / "var"), **named},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_no_database(tmp_path):
    url = "postgresql://somebody:hush@127.0.0.1:1/cms"
    said = one_line(cms("serve", cwd=tmp_path, database_url=url, port="8999"))
    assert "cannot reach the database" in said
    assert "CMS_DATABASE_URL" in said
    assert "hush" not in said


def test_a_wrong_password(tmp_path, database: Addresses):
    wrong = make_url(database.web).set(password="wrong").render_as_string(hide_password=False)
    said = one_line(cms("tenant", "list", cwd=tmp_path, database_url=wrong))
    assert "password authentication failed" in said


def test_a_login_that_row_level_security_would_not_bind(tmp_path, database: Addresses):
    said = one_line(cms("serve", cwd=tmp_path, database_url=database.owner, port="8998"))
    assert "row-level security would not bind it" in said
    assert "CMS_DATABASE_OWNER_URL" in said


def test_a_taken_port(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = one_line(cms("demo", cwd=tmp_path, port=port))
    assert f"127.0.0.1:{port}" in said
    assert "CMS_PORT" in said
    assert not (tmp_path / "var" / "postgres").exists(), "nothing was started for it"


@pytest.mark.parametrize(
    ("setting", "value", "named"),
    [
        ("port", "eighty", "CMS_PORT"),
        ("port", "99999", "CMS_PORT"),
        ("database_url", "mysql://x/y", "CMS_DATABASE_URL"),
        ("enabled", "no_such_plugin", "no_such_plugin"),
        ("secret_key_file", "/nowhere/secret", "/nowhere/secret"),
        ("workers", "0", "CMS_WORKERS"),
        ("log_format", "xml", "CMS_LOG_FORMAT"),
        ("site_url", "notaurl", "CMS_SITE_URL"),
        ("trusted_proxies", "10.0.0.300", "CMS_TRUSTED_PROXIES"),
        ("database_url", "postgresql://u:p@127.0.0.1:abc/x", "CMS_DATABASE_URL"),
        ("data_dir", "/proc/nowhere", "/proc/nowhere"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, database: Addresses, setting, value, named):
    settings = {"database_url": database.web, setting: value}
    said = one_line(cms("tenant", "list", cwd=tmp_path, **settings))
    assert named in said


def test_the_settings_file_is_read_and_its_faults_are_named(tmp_path, database: Addresses):
    (tmp_path / "cms.toml").write_text('hosts = "typing error"\n')
    said = one_line(cms("tenant", "list", cwd=tmp_path, database_url=database.web))
    assert "hosts" in said


def test_check_names_missing_migrations(tmp_path, cluster):
    import psycopg

    name = f"{cluster.name}_empty"
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(f"create database {name} owner cms_owner")
    where = cluster.addresses(name)
    told = cms("check", cwd=tmp_path, database_url=where.web, database_owner_url=where.owner)
    with psycopg.connect(cluster.superuser_url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")
    assert told.returncode == 1
    assert "cms db upgrade" in told.stdout


def test_a_command_that_needs_the_owner_says_so(tmp_path, database: Addresses):
    said = one_line(
        cms("tenant", "add", "exemplo", "--name", "X", "--host", "x.example", cwd=tmp_path,
            database_url=database.web)
    )  # fmt: skip
    assert "CMS_DATABASE_OWNER_URL" in said


def test_a_worker_with_the_login_of_requests_is_refused(tmp_path, database: Addresses):
    said = one_line(cms("worker", cwd=tmp_path, database_url=database.web))
    assert "cms_worker" in said


def test_a_tenant_that_no_request_could_be_served_for_is_not_founded(tmp_path, database: Addresses):
    said = one_line(
        cms("tenant", "add", "exemplo", "--name", "X", "--host", "x.example", "--timezone",
            "Mars/Olympus", "--language", "not a lang", cwd=tmp_path, database_url=database.web,
            database_owner_url=database.owner)
    )  # fmt: skip
    assert "Mars/Olympus" in said
    assert "pt-BR" in said


def test_the_demo_seeds_no_database_of_other_publishers(tmp_path, database: Addresses):
    named = {"database_owner_url": database.owner, "database_url": database.worker, "port": "8997"}
    add = ("tenant", "add", "exemplo", "--name", "X", "--host", "x.example")
    assert cms(*add, cwd=tmp_path, **named).returncode == 0
    said = one_line(cms("demo", cwd=tmp_path, **named))
    assert "other publishers" in said
