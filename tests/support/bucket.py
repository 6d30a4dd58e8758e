"""A server that speaks S3, on loopback, with one empty bucket."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

from tests.support.patience import LONG

_CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@contextmanager
def serving_bucket() -> Iterator[str]:
    """The value of CMS_MEDIA_STORAGE for it; the credentials stand in the environment meanwhile."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    before = {name: os.environ.get(name) for name in _CREDENTIALS}
    os.environ.update(dict.fromkeys(_CREDENTIALS, "of-the-tests"))
    address = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    try:
        urlopen(Request(f"{address}/media", method="PUT"), timeout=LONG).close()
        yield f"s3://media/site?endpoint={address}&region=us-east-1"
    finally:
        server.stop()
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
