"""WebM films lose what they tell of people, and no byte moves."""

from functools import partial

import pytest

from cms.media import kinds, webm
from cms.media.pieces import Unfit, is_whole, write
from tests.support.costs import A_MOMENT, seconds

NAME = b"Ana Inventada"
_SIZES = ((1, 0x80), (2, 0x4000), (4, 0x10000000), (8, 1 << 56))


def element(number: int, *parts: bytes, size: int = 0, is_open: bool = False) -> bytes:
    body = b"".join(parts)
    name = number.to_bytes((number.bit_length() + 7) // 8)
    if is_open:
        return name + b"\x01" + b"\xff" * 7 + body
    width, marker = next((w, m) for w, m in _SIZES if w >= size and len(body) < (1 << (7 * w)) - 1)
    return name + (len(body) | marker).to_bytes(width) + body


def film(*, is_open: bool = False, tells: bool = True, kind: bytes = b"webm") -> bytes:
    said = [
        element(0x7BA9, NAME),
        element(0x4461, bytes(8)),
    ] if tells else []  # fmt: skip
    info = element(
        0x1549A966,
        element(0xBF, b"\1\2\3\4"),
        element(0x2AD7B1, b"\x0f\x42\x40"),
        element(0x4D80, b"Lavf58"),
        *said,
    )
    track = element(0xAE, element(0xD7, b"\1"), *([element(0x536E, NAME)] if tells else []))
    cluster = element(0x1F43B675, element(0xE7, b"\0"), element(0xA3, b"block of sound"),
                      is_open=is_open)  # fmt: skip
    tag = element(0x63C0, element(0x67C8, element(0x45A3, b"LOCATION"), element(0x4487, NAME)))
    tags = [element(0x1254C367, tag), element(0x1941A469, NAME * 20)] if tells else []
    head = element(0x1A45DFA3, element(0x4282, kind))
    return head + element(
        0x18538067, info, element(0x1654AE6B, track), cluster, *tags, is_open=is_open
    )


def published(data, tmp_path):
    target = tmp_path / "film.webm"
    write(webm.pieces(data), data, target)
    return target.read_bytes()


@pytest.mark.parametrize("is_open", [False, True])
def test_a_film_loses_names_and_no_byte_moves(is_open, tmp_path):
    data = film(is_open=is_open)
    shown = published(data, tmp_path)
    assert len(shown) == len(data)
    assert NAME in data
    assert NAME not in shown
    assert b"LOCATION" not in shown
    assert shown.index(b"block of sound") == data.index(b"block of sound")
    assert b"Lavf58" in shown
    assert is_whole(webm.pieces(shown), shown), "there is nothing left to take away"


@pytest.mark.parametrize("is_open", [False, True])
def test_a_film_that_tells_nothing_is_published_byte_for_byte(is_open):
    data = film(is_open=is_open, tells=False)
    assert is_whole(webm.pieces(data), data)


def test_it_is_known_by_content_and_matroska_is_no_webm():
    assert kinds.detect(film(), "webm").mime_type == "video/webm"
    with pytest.raises(Unfit, match="Matroska"):
        webm.pieces(film(kind=b"matroska"))
    with pytest.raises(Unfit):
        kinds.detect(b"<html>", "webm")


@pytest.mark.parametrize("cut", range(4, len(film()), 7))
def test_a_film_that_ends_in_the_middle_is_refused_or_tells_nothing(cut, tmp_path):
    data = film()[:cut]
    try:
        shown = published(data, tmp_path)
    except Unfit:
        return
    assert NAME not in shown


def test_one_that_means_to_keep_us_busy_is_left_soon(monkeypatch):
    head = element(0x1A45DFA3, element(0x4282, b"webm"))

    def refused(data):
        with pytest.raises(Unfit, match="too many parts"):
            webm.pieces(data)

    def parts(number):
        return partial(refused, head + element(0x18538067, b"\xec\x80" * number, is_open=True))

    # Both have too many: what comes after the last that is read costs nothing.
    monkeypatch.setattr(webm, "_MOST_ELEMENTS", 20_000)
    assert seconds(parts(2_000_000)) < 3 * seconds(parts(20_001)) + A_MOMENT
    with pytest.raises(Unfit):
        webm.pieces(head + b"\x00" * 1000)
