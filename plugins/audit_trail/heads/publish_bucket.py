"""Published heads in object storage that speaks S3: each object created once, never overwritten.

That nobody deletes them either is the bucket's to ensure: versioning and object lock with a default
retention (mode COMPLIANCE), set by somebody who does not run this server. Once an hour a
publication looks at the head that it has just put there, and says what it finds.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from plugins.audit_trail.heads.publishers import (
    File,
    LogReader,
    Publication,
    PublicationConflict,
    PublicationFailed,
    files_of,
    folder_of,
)

AT_ONCE = 8
SECONDS = 20
LOOK_EVERY = 3600.0


class BucketTarget:
    """`s3://bucket/prefix?endpoint=https://…&region=…`; the credentials come from the environment
    or the machine's own role. They need PutObject and GetObject, and must not have DeleteObject."""

    def __init__(self, address: str, *, tiles: bool) -> None:
        parts = urlsplit(address)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint = options.get("endpoint", "")
        self._name = f"s3://{parts.netloc}{parts.path.rstrip('/')}"
        self._tiles = tiles
        self._notice, self._looked_at = "", float("-inf")
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            config={
                "region": options.get("region", "us-east-1"),
                # Buckets with object lock take nothing without a checksum.
                "checksum_algorithm": "SHA256",
                **({"endpoint": endpoint} if endpoint else {}),
            },
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "timeout": timedelta(seconds=SECONDS),
            },
            # It is tried again by whoever publishes, who also tells of it.
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=SECONDS)},
        )

    @property
    def name(self) -> str:
        return self._name

    async def publish(self, publication: Publication, log: LogReader) -> str:
        try:
            if self._tiles:
                await self._put_tiles(publication, log)
            *others, head = files_of(publication)
            for file in others:
                await self._create(file)
            await self._create(head)
            await obstore.put_async(
                self._store,
                f"{folder_of(publication.epoch)}/checkpoint",
                publication.note,
                attributes={
                    "Content-Type": "text/plain; charset=utf-8",
                    "Cache-Control": "no-cache",
                },
            )
            if time.monotonic() - self._looked_at > LOOK_EVERY:
                self._notice = await self._retention(head.path)
                self._looked_at = time.monotonic()
            return self._notice
        except (BaseError, OSError) as fault:
            raise self._failed(fault) from fault

    async def keep(self, files: Sequence[File]) -> None:
        try:
            for file in files:
                await self._create(file)
        except (BaseError, OSError) as fault:
            raise self._failed(fault) from fault

    def _failed(self, fault: Exception) -> PublicationFailed:
        # What the library says goes on for pages; its first line has the reason.
        return PublicationFailed(f"{self._name}: {str(fault).splitlines()[0]}")

    async def _put_tiles(self, publication: Publication, log: LogReader) -> None:
        waiting: list[File] = []
        async for tile in log.tiles(publication):
            waiting.append(tile)
            if len(waiting) == AT_ONCE:
                await asyncio.gather(*map(self._create, waiting))
                waiting.clear()
        await asyncio.gather(*map(self._create, waiting))

    async def _create(self, file: File) -> None:
        try:
            await obstore.put_async(self._store, file.path, file.content, mode="create")
        except AlreadyExistsError:
            found = await obstore.get_async(self._store, file.path)
            if bytes(await found.bytes_async()) != file.content:
                raise PublicationConflict(
                    f"{self._name}/{file.path} is there already, with another content"
                ) from None

    async def _retention(self, path: str) -> str:
        url = await obstore.sign_async(self._store, "HEAD", path, timedelta(seconds=60))
        try:
            headers = await asyncio.to_thread(_headers, url)
        except (HTTPError, HTTPException, OSError) as fault:
            return f"whether objects can be deleted there is not known: {fault}"
        if headers.get("x-amz-object-lock-retain-until-date") and headers.get(
            "x-amz-object-lock-mode", ""
        ):
            mode = headers["x-amz-object-lock-mode"]
            return "" if mode == "COMPLIANCE" else f"objects are locked in the weaker mode {mode}"
        if headers.get("x-amz-version-id", "null") == "null":
            return "the bucket keeps no versions: whoever may write there may replace heads"
        return "no object lock is seen there: whoever owns the bucket may delete heads"


def _headers(url: str) -> dict[str, str]:
    # The library shows no headers of its own; the address is one that it has signed.
    with urlopen(Request(url, method="HEAD"), timeout=SECONDS) as answer:  # noqa: S310
        return {name.lower(): value for name, value in answer.headers.items()}
