"""Files to upload, made by the tests: pictures that tell of people, films, documents, attacks."""

import io
import zlib
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

OWNER = "Helena Inventada"
"""Nobody: the name that must not reach readers."""


def photo(
    width: int = 1200, height: int = 800, kind: str = "JPEG", mode: str = "RGB", **options: Any
) -> bytes:
    """A picture without any metadata; its left is dark, its top is red."""
    image = Image.linear_gradient("L").rotate(90).resize((width, height))
    other = Image.linear_gradient("L").resize((width, height))
    picture = Image.merge("RGB", (other, image, image)).convert(mode)
    return saved(picture, kind, **options)


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Who took it, with what, and where."""
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x013B] = OWNER
    found[0x8298] = OWNER
    found.get_ifd(0x8825).update({1: "S", 2: (23.0, 33.0, 1.0), 3: "W", 4: (46.0, 38.0, 2.0)})
    return found


def telling_photo(width: int = 1200, height: int = 800, orientation: int = 1) -> bytes:
    """A JPEG with Exif, a comment, XMP, IPTC and something behind its end."""
    plain = photo(width, height, exif=exif(orientation), comment=OWNER.encode(), quality=90)
    iptc = b"Photoshop 3.0\x00" + OWNER.encode()
    segment = b"\xff\xed" + (len(iptc) + 2).to_bytes(2) + iptc
    xmp = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + OWNER.encode() + b"</x:xmpmeta>"
    more = b"\xff\xe1" + (len(xmp) + 2).to_bytes(2) + xmp
    return plain[:2] + segment + more + plain[2:] + b"TRAILER" + OWNER.encode()


def telling_png() -> bytes:
    info = PngInfo()
    info.add_text("Author", OWNER)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{OWNER}</x>", zip=True)
    return photo(400, 300, "PNG", pnginfo=info, exif=exif()) + OWNER.encode()


def telling_webp() -> bytes:
    return photo(400, 300, "WEBP", exif=exif(), xmp=OWNER.encode())


def telling_gif() -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    return saved(
        frames[0], "GIF", save_all=True, append_images=frames[1:], comment=OWNER.encode(), loop=0
    )


def box(name: bytes, *inner: bytes) -> bytes:
    body = b"".join(inner)
    return (len(body) + 8).to_bytes(4) + name + body


def film(*, telemetry: bool = False) -> bytes:
    """A film of nothing, with a maker, a place and, if wanted, a track of positions."""
    codec = b"gpmd" if telemetry else b"avc1"
    stsd = box(b"stsd", bytes(4), (1).to_bytes(4), box(codec, bytes(16)))
    track = box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", stsd))))
    told = box(b"udta", box(b"\xa9nam", OWNER.encode()), box(b"\xa9xyz", b"-23.55-046.63/"))
    moov = box(b"moov", box(b"mvhd", bytes(100)), track, told)
    return box(b"ftyp", b"isom", bytes(4), b"isom") + moov + box(b"mdat", b"\x01" * 64)


def document(*, compressed: bool = False, encrypted: bool = False) -> bytes:
    """A PDF that names its author, in the open or in a compressed stream."""
    info = b"<</Author (Helena \\(Inventada\\)) /Title (Bula) /Creator <48656c656e61>>>"
    info = info.replace(b"Helena \\(Inventada\\)", OWNER.encode() + b" \\(Dra.\\)")
    if compressed:
        packed = zlib.compress(info, 1)
        head = f"<</Type /ObjStm /Filter /FlateDecode /Length {len(packed)}>>".encode()
        middle = b"5 0 obj\n" + head + b"\nstream\n" + packed + b"\nendstream\nendobj\n"
    else:
        packet = f"<?xpacket begin='' id='x'?><x>{OWNER}</x><?xpacket end='w'?>".encode()
        head = f"<</Type /Metadata /Subtype /XML /Length {len(packet)}>>".encode()
        middle = b"5 0 obj\n" + info + b"\nendobj\n6 0 obj\n" + head
        middle += b"\nstream\n" + packet + b"\nendstream\nendobj\n"
    lock = b"/Encrypt 9 0 R" if encrypted else b""
    return b"%PDF-1.7\n" + middle + b"trailer <</Info 5 0 R" + lock + b">>\n%%EOF\n"


def recording() -> bytes:
    """An MP3 of four frames with ID3 tags at both ends."""
    name = OWNER.encode()
    tag = b"ID3\x03\x00\x00" + bytes((0, 0, 0, len(name))) + name
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return tag + frame * 4 + (b"TAG" + name).ljust(128, b"\0")
