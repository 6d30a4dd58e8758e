"""What readers get says nothing about people, and is otherwise the file that came."""

import contextlib
import io
import zlib
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from cms.media import gif, jpeg, mp4, pdf, png, riff, sound
from cms.media.pieces import Unfit, is_whole, write
from tests.support import pictures
from tests.support.costs import assert_in_proportion
from tests.support.pictures import OWNER, photo

NAME = OWNER.encode()
READERS = {
    "jpeg": (jpeg.pieces, pictures.telling_photo),
    "png": (png.pieces, pictures.telling_png),
    "webp": (riff.pieces, pictures.telling_webp),
    "gif": (gif.pieces, pictures.telling_gif),
}
CLEAN = {
    "jpeg": (jpeg.pieces, lambda: photo(60, 40)),
    "progressive": (jpeg.pieces, lambda: photo(60, 40, progressive=True)),
    "png": (png.pieces, lambda: photo(60, 40, "PNG")),
    "webp": (riff.pieces, lambda: photo(60, 40, "WEBP")),
    "gif": (gif.pieces, lambda: photo(60, 40, "GIF")),
}


def published(pieces, data, tmp_path):
    target = tmp_path / "published"
    write(pieces(data), data, target)
    return target.read_bytes()


@pytest.mark.parametrize("kind", READERS)
def test_a_picture_loses_names_and_no_pixel(kind, tmp_path):
    pieces, make = READERS[kind]
    data = make()
    shown = published(pieces, data, tmp_path)
    assert NAME not in shown
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(shown))
    assert not after.getexif()
    assert ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox() is None
    assert is_whole(pieces(shown), shown), "what is clean stays as it is"


@pytest.mark.parametrize("kind", CLEAN)
def test_a_clean_picture_is_published_byte_for_byte(kind):
    pieces, make = CLEAN[kind]
    data = make()
    assert is_whole(pieces(data), data)


def test_a_turned_picture_stays_turned(tmp_path):
    data = pictures.telling_photo(60, 40, orientation=6)
    shown = published(lambda d: jpeg.pieces(d, 6), data, tmp_path)
    assert dict(Image.open(io.BytesIO(shown)).getexif()) == {0x0112: 6}


def test_moving_pictures_keep_moving():
    data = pictures.telling_gif()
    assert gif.frames(data) == 3
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    moving = pictures.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])
    assert (riff.frames(moving), is_whole(riff.pieces(moving), moving)) == (2, True)
    moving = pictures.saved(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert (png.frames(moving), is_whole(png.pieces(moving), moving)) == (2, True)


def test_colours_stay(tmp_path):
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = photo(60, 40, icc_profile=profile, comment=NAME)
    shown = published(jpeg.pieces, data, tmp_path)
    assert Image.open(io.BytesIO(shown)).info["icc_profile"] == profile


def test_a_film_keeps_its_length_and_loses_its_place(tmp_path):
    data = pictures.film()
    shown = published(mp4.pieces, data, tmp_path)
    assert len(shown) == len(data)
    assert NAME not in shown
    assert b"-23.55" not in shown
    assert shown[-72:] == data[-72:], "pictures and sound are where they were"
    assert is_whole(mp4.pieces(shown), shown) or published(mp4.pieces, shown, tmp_path) == shown
    with pytest.raises(Unfit, match="track of positions"):
        mp4.pieces(pictures.film(telemetry=True))


@pytest.mark.parametrize("compressed", [False, True])
def test_a_document_loses_its_author_and_keeps_its_offsets(compressed, tmp_path):
    data = pictures.document(compressed=compressed)
    shown = published(pdf.pieces, data, tmp_path)
    assert len(shown) == len(data)
    assert NAME not in shown
    assert pdf.pieces(shown) == [slice(0, len(shown))], "there is nothing left to take away"
    if not compressed:
        assert b"/Title (Bula)" in shown


def test_a_document_that_nobody_can_look_into_is_refused():
    for data in (
        pictures.document(encrypted=True),
        b"%PDF-1.4\n5 0 obj <</Author 7 0 R>> endobj",
        b"%PDF-1.4\n5 0 obj <</Type /ObjStm /Filter /LZWDecode>>\nstream\nx\nendstream",
        b"%PDF-1.4\n5 0 obj <</Type /ObjStm /Filter /FlateDecode>>\nstream\nx\nendstream",
    ):
        with pytest.raises(Unfit):
            pdf.pieces(data)


@pytest.mark.parametrize(
    ("pieces", "head", "unit", "times", "end"),
    [
        (mp4.pieces, pictures.film(), b"\x00\x00\x00\x08uuid", 60_000, b""),
        (png.pieces, photo(4, 4, "PNG")[:33] + b"\x00\x00\x00\x00gAMA____",
         b"\x00\x00\x00\x00tIME____", 120_000, b""),
        (pdf.pieces, b"%PDF-1.4\n", b"<?xpacket begin", 100_000, b""),
        (pdf.pieces, b"%PDF-1.4\n", b"/Author (", 100_000, b""),
        (pdf.pieces, b"%PDF-1.4\n", b"<<", 500_000, b"/ObjStm>>stream\n"),
        (pdf.pieces, b"%PDF-1.4\n", b">>stream\n", 80_000, b""),
        (pdf.pieces, b"%PDF-1.4\n", b"obj/DCTDecode>>stream\n", 100_000, b"endstream"),
    ],
    ids=["boxes", "chunks", "packets", "strings", "dictionaries", "streams", "pictures"],
)  # fmt: skip
def test_a_file_that_means_to_keep_us_busy_is_left_soon(pieces, head, unit, times, end):
    def read(data):
        with contextlib.suppress(Unfit):
            pieces(data)

    assert_in_proportion(lambda n: partial(read, head + unit * n + end), times)


def test_sound_loses_its_tags(tmp_path):
    shown = published(sound.mp3, pictures.recording(), tmp_path)
    assert NAME not in shown
    assert shown[:2] == b"\xff\xfb"
    comment = bytes((0x84,)) + len(NAME).to_bytes(3) + NAME
    flac = b"fLaC\x00\x00\x00\x22" + bytes(34) + comment + b"\xff\xf8sound"
    shown = published(sound.flac, flac, tmp_path)
    assert (len(shown), NAME in shown) == (len(flac), False)
    info = b"LIST" + (len(NAME)).to_bytes(4, "little") + NAME
    wave = b"WAVEfmt \x02\x00\x00\x00ok" + info + b"data\x02\x00\x00\x00hi"
    wave = b"RIFF" + len(wave).to_bytes(4, "little") + wave
    shown = published(riff.pieces, wave, tmp_path)
    assert NAME not in shown
    assert int.from_bytes(shown[4:8], "little") == len(shown) - 8


def _with_photo(picture: bytes, filters: bytes = b"/DCTDecode") -> bytes:
    head = b"<</Subtype /Image /Filter %s /Length %d>>" % (filters, len(picture))
    return b"%PDF-1.4\n5 0 obj " + head + b"\nstream\n" + picture + b"\nendstream\nendobj\n%%EOF"


def test_a_photograph_in_a_document_loses_names_and_no_pixel(tmp_path):
    picture = pictures.telling_photo()
    data = _with_photo(picture)
    shown = published(pdf.pieces, data, tmp_path)
    assert len(shown) == len(data)
    assert NAME in data
    assert NAME not in shown
    at = data.index(picture)
    inside = io.BytesIO(shown[at : at + len(picture)])
    with Image.open(inside) as one, Image.open(io.BytesIO(picture)) as other:
        assert ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox() is None
        assert not one.getexif()
    assert is_whole(pdf.pieces(shown), shown), "there is nothing left to take away"
    plain = _with_photo(photo(60, 40))
    assert is_whole(pdf.pieces(plain), plain)
    with pytest.raises(Unfit, match="tells where it was taken"):
        pdf.pieces(_with_photo(zlib.compress(picture), b"[/FlateDecode /DCTDecode]"))


@pytest.mark.parametrize("length", [4, 5, 65_537, 65_538, 65_541, 200_000])
def test_silence_has_the_length_that_it_is_asked_for(length):
    assert len(jpeg.silence(length)) == length
    around = b"\xff\xd8" + jpeg.silence(length) + photo(60, 40)[2:]
    with Image.open(io.BytesIO(around)) as shown:
        shown.load()


ALL = [jpeg.pieces, png.pieces, riff.pieces, gif.pieces, mp4.pieces, pdf.pieces,
       sound.mp3, sound.flac]  # fmt: skip
SEEDS = [pictures.telling_photo(40, 30), pictures.telling_png(), pictures.telling_webp(),
         pictures.telling_gif(), pictures.film(), pictures.document(),
         pictures.document(compressed=True), pictures.recording()]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_taken_and_breaks_nothing(data):
    """Whatever bytes come: pieces within the file, or a refusal with words."""
    seed = bytearray(data.draw(st.sampled_from(SEEDS)))
    cut = data.draw(st.integers(0, len(seed)))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(seed) - 1))
        seed[at] = data.draw(st.integers(0, 255))
    damaged = bytes(seed[:cut]) if data.draw(st.booleans()) else bytes(seed)
    for pieces in ALL:
        try:
            kept = pieces(damaged)
        except Unfit:
            continue
        for piece in kept:
            if isinstance(piece, slice):
                assert 0 <= piece.start <= piece.stop <= len(damaged)
