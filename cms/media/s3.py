"""A bucket of S3 or of a server that speaks its protocol."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.store import S3Store


class S3Storage:
    """`s3://bucket/prefix?endpoint=https://…&region=…`; the credentials come from the environment
    (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) or the machine's own role, never from the address."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint = options.get("endpoint", "")
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            config={
                "region": options.get("region", "us-east-1"),
                **({"endpoint": endpoint} if endpoint else {}),
            },
            client_options={"allow_http": endpoint.startswith("http://")},
        )

    async def put(self, key: str, source: Path, mime_type: str) -> None:
        attributes = {"Content-Type": mime_type}
        await obstore.put_async(self._store, key, source, attributes=attributes)

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        if start >= end:
            return
        options: obstore.GetOptions = {"range": (start, end)}
        found = await obstore.get_async(self._store, key, options=options)
        async for chunk in found.stream():
            yield bytes(chunk)

    async def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                continue
