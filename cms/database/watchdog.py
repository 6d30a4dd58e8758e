"""The last user out stops the embedded server: a small detached process watches for that.

Users hold a shared lock on `users.lock`, which the kernel takes back however they end, kill -9
included. Whoever can lock it alone knows that nobody uses the server.
"""

import fcntl
import os
import sys
import time
from pathlib import Path

from cms.database import postmaster
from cms.database.server_account import Account, spawn

# Long enough that two commands in a row find the same server, short enough to forget about.
INTERVAL = 2.0


def set_watch(cluster: Path, users: int, post: int, account: Account, log: int) -> None:
    """Start the watchdog; it inherits both descriptors, and with `post` its lock."""
    words = (cluster, users, post, account.uid, account.gid)
    spawn(
        # -P: the working directory is "/", and must not be where modules come from.
        (sys.executable, "-P", "-m", __name__, *map(str, words)),
        log=log,
        environment={"PYTHONPATH": str(Path(__file__).parents[2])},
        keep=(users, post),
    )


def watch(cluster: Path, users: int, post: int) -> None:
    """Wait until nobody uses the server, stop it, and let waiting users start it again."""
    while not _is_alone(users):
        time.sleep(INTERVAL)
    # The lock is kept while the server goes down: a newcomer waits for it, and then looks.
    is_down = postmaster.take_down(cluster)
    os.close(post)  # first the post, then the users: who gets in must find the post free
    os.close(users)
    if not is_down:
        sys.exit(f"watchdog: the server of {cluster} does not stop")


def _is_alone(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    # As root the interpreter itself may lie where the account cannot go, so it starts as root
    # and steps down here, when everything is imported.
    Account(int(sys.argv[4]), int(sys.argv[5])).become()
    watch(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
