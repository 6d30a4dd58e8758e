"""A mail server on loopback that keeps what it is given, or answers as it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP


class Postbox:
    """Its letters with their recipients, and what it answers to the next one."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], Message | EmailMessage]] = []
        self.answer = "250 OK"
        self.port = 0

    @property
    def settings(self) -> dict[str, str]:
        """Those of a house that mails through it."""
        address = f"smtp://127.0.0.1:{self.port}?starttls=never"
        return {"smtp_url": address, "mail_from": "cms@clinica.example"}

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            letter = message_from_bytes(envelope.content, policy=default)
            self.letters.append((envelope.rcpt_tos, letter))
        return self.answer


@asynccontextmanager
async def open_postbox() -> AsyncIterator[Postbox]:
    """A mail server that runs until the end of the block."""
    box = Postbox()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(box, hostname="loopback"), "127.0.0.1", 0
    )
    box.port = server.sockets[0].getsockname()[1]
    yield box
    server.close()
    await server.wait_closed()
