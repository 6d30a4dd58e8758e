"""Handing a letter to a mail server (RFC 5321), in a thread of its own."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from cms.errors import SetupError, Unavailable
from cms.settings import Settings

SECONDS = 20
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PORTS = {"smtp": 587, "smtps": 465}


class MailRefused(Exception):
    """The mail server will never take this letter: trying again is no use."""


@dataclass(frozen=True)
class Letter:
    """One letter to one address. The same `key` is the same letter, also when it is sent twice:
    readers' programs then show it once."""

    to: str
    subject: str
    body: str
    key: str
    language: str = "en"


class Mailer:
    """A mail server, as `CMS_SMTP_URL` names it. The connection is encrypted unless the server is
    on this machine: a server that cannot is not given the letter."""

    def __init__(self, address: SplitResult, sender: str) -> None:
        self._host = address.hostname or ""
        self._port = address.port or _PORTS[address.scheme]
        self._is_wrapped = address.scheme == "smtps"
        self._login = unquote(address.username or "")
        self._password = unquote(address.password or "")
        is_plain = parse_qs(address.query).get("starttls") == ["never"]
        self._is_plain = is_plain and self._host in _LOOPBACK
        self._sender = sender
        self._tls = ssl.create_default_context()

    async def send(self, letter: Letter) -> None:
        """Hand it over. MailRefused for what is refused for good, Unavailable for what may succeed
        later."""
        await asyncio.to_thread(self._send, self._written(letter))

    def _written(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = letter.to
        # What people named may hold line breaks; a header must not.
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = formatdate()
        message["Message-ID"] = f"<{letter.key}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        # No machine answers to a machine (RFC 3834 §5).
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        # After the content: setting that takes away every header about content.
        message["Content-Language"] = letter.language
        return message

    def _send(self, message: EmailMessage) -> None:
        try:
            with self._connected() as server:
                if self._login:
                    server.login(self._login, self._password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _trouble(max(codes)) from error
        except smtplib.SMTPResponseException as error:
            raise _trouble(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(
                f"The mail server {self._host} did not take a letter ({type(error).__name__}); "
                "it is tried again. Check CMS_SMTP_URL."
            ) from error

    def _connected(self) -> smtplib.SMTP:
        if self._is_wrapped:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=SECONDS, context=self._tls)
        server = smtplib.SMTP(self._host, self._port, timeout=SECONDS)
        if not self._is_plain:
            server.starttls(context=self._tls)
        return server


def _trouble(code: int) -> Exception:
    if 500 <= code < 600:
        return MailRefused(f"The mail server refused a letter for good (SMTP {code}).")
    return Unavailable(
        f"The mail server refused a letter for now (SMTP {code}); it is tried again."
    )


def open_mailer(settings: Settings) -> Mailer | None:
    """The mail server of the settings, or None where there is none. SetupError for an address that
    is none; a password is never repeated."""
    if not settings.smtp_url:
        return None
    try:
        address = urlsplit(settings.smtp_url)
        _ = address.port
    except ValueError:
        raise SetupError("CMS_SMTP_URL has a port that is no number") from None
    if address.scheme not in _PORTS or not address.hostname:
        raise SetupError(
            "CMS_SMTP_URL must look like smtp://login:password@mail.example:587 or smtps://…:465"
        )
    if address.query and (address.query != "starttls=never" or address.hostname not in _LOOPBACK):
        raise SetupError("CMS_SMTP_URL may say ?starttls=never for a server on this machine only")
    if "@" not in settings.mail_from:
        raise SetupError("CMS_MAIL_FROM must be the address that letters come from")
    return Mailer(address, settings.mail_from)
