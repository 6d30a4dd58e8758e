"""Letters over SMTP: encrypted or not at all, and nothing slips into a header."""

import pytest

from cms.errors import SetupError, Unavailable
from cms.mail.smtp import Letter, open_mailer
from cms.settings import Settings

FROM = "cms@clinica.example"


def mailer(url):
    return open_mailer(Settings(smtp_url=url, mail_from=FROM))


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example", "smtp://", "smtp://mail.example:x", "mail.example",
        "smtp://mail.example?starttls=never", "smtp://127.0.0.1?tls=no",
    ],
)  # fmt: skip
def test_an_address_that_is_none_stops_the_start(url):
    with pytest.raises(SetupError):
        mailer(url)


def test_a_sender_is_needed_and_no_server_is_no_fault():
    assert open_mailer(Settings()) is None
    with pytest.raises(SetupError, match="CMS_MAIL_FROM"):
        open_mailer(Settings(smtp_url="smtp://mail.example"))


def test_a_line_break_in_a_name_makes_no_header():
    letter = Letter(
        "vera@clinica.example", "Regra\r\nBcc: all@clinica.example", "x", "alert-1-2-p3"
    )
    written = mailer("smtps://mail.example")._written(letter)
    assert written["Bcc"] is None
    assert written["Subject"] == "Regra Bcc: all@clinica.example"
    assert written["Message-ID"] == "<alert-1-2-p3@clinica.example>"
    with pytest.raises(ValueError, match=r"linefeed|newline|carriage"):
        mailer("smtps://mail.example")._written(Letter("a@b\r\nBcc: c@d", "s", "b", "k"))


async def test_a_server_that_is_not_there_is_asked_again():
    with pytest.raises(Unavailable, match="tried again") as refusal:
        await mailer("smtp://user:geheim@127.0.0.1:1").send(Letter("a@b.example", "s", "b", "k"))
    assert "geheim" not in refusal.value.message
