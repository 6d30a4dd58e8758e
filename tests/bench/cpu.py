"""CPU time of processes: it says what a request costs also where the machine is busy."""

import os
from pathlib import Path

import psycopg

from cms.host import Addresses


def cpu_of(pids: list[int]) -> float:
    """Seconds of CPU that these processes and their ended children have used."""
    ticks = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(fields[i]) for i in (11, 12, 13, 14))
    return ticks / os.sysconf("SC_CLK_TCK")


def postgres_pids(where: Addresses) -> list[int]:
    """PostgreSQL's own process and all that it has started so far."""
    with psycopg.connect(where.owner) as connection:
        row = connection.execute("select pg_backend_pid()").fetchone()
        assert row is not None
        parent = int(Path(f"/proc/{row[0]}/stat").read_text().rpartition(")")[2].split()[1])
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [parent, *map(int, children)]
