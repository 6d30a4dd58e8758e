"""A server that speaks S3, on loopback, with one empty bucket."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@contextmanager
def serving_bucket() -> Iterator[str]:
    """The value of CMS_MEDIA_STORAGE for it; the credentials stand in the environment meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    server.start()
    before = {name: os.environ.get(name) for name in _CREDENTIALS}
    os.environ.update(dict.fromkeys(_CREDENTIALS, "of-the-tests"))
    address = f"http://127.0.0.1:{port}"
    try:
        _make(address)
        yield f"s3://media/site?endpoint={address}&region=us-east-1"
    finally:
        server.stop()
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _make(address: str) -> None:
    for _ in range(50):
        try:
            urlopen(Request(f"{address}/media", method="PUT"))
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the bucket's server does not answer")
