"""Pictures in smaller sizes and newer formats, made by Pillow from the stripped file."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from cms.media.files import MediaFile, file_of
from cms.media.pieces import Unfit
from cms.media.sizes import SIZES, THRESHOLD, Box, Size, constrained, fit

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}
_VARIANTS = {
    "webp": ("WEBP", "image/webp", {"quality": 80, "method": 4}),
    "avif": ("AVIF", "image/avif", {"quality": 60, "speed": 8}),
}
_SAVING: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 82, "progressive": True, "optimize": True},
    "PNG": {"compress_level": 7},
    "WEBP": {"quality": 86, "method": 4},
    "GIF": {},
}
_EXIF_ORIENTATION = 0x0112
_SIDEWAYS = frozenset({5, 6, 7, 8})


@dataclass(frozen=True)
class Looks:
    """What a picture says about itself before anything is decoded."""

    width: int
    height: int
    orientation: int = 1


def look(path: Path, mime_type: str, most_pixels: int) -> Looks:
    """Read the head of a picture. Unfit when it is not what it says, or too large to decode."""
    try:
        with _opened(path, mime_type) as image:
            width, height = image.size
            orientation = int(image.getexif().get(_EXIF_ORIENTATION, 1) or 1)
    except _DAMAGED as error:
        raise Unfit("The image is damaged. Save it anew and upload it again.") from error
    if width * height > most_pixels:
        raise Unfit(
            f"The image has {width} × {height} pixels, and {most_pixels} is the most that is "
            "taken. Make it smaller and upload that."
        )
    return Looks(width, height, orientation if 1 <= orientation <= 8 else 1)


_DAMAGED = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError,
            Image.DecompressionBombError, Image.DecompressionBombWarning)  # fmt: skip


def _opened(path: Path, mime_type: str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Image.open(path, formats=[_FORMATS[mime_type]])


@dataclass(frozen=True)
class Recipe:
    """What to make of a picture. `crop` is in per cent (left, top, width, height)."""

    mime_type: str
    extension: str
    formats: Sequence[str] = ("webp",)
    focus: tuple[float, float] = (50, 50)
    orientation: int = 1


def make(source: Path, folder: Path, recipe: Recipe) -> list[MediaFile]:
    """The `full` picture when it must be another one than the source (turned, or scaled down), and
    every smaller size, each with its variants in newer formats."""
    try:
        with _opened(source, recipe.mime_type) as image:
            profile = image.info.get("icc_profile")
            picture = _turned(_plain(image), recipe.orientation)
    except _DAMAGED as error:
        raise Unfit("The image is damaged. Save it anew and upload it again.") from error
    maker = _Maker(folder, recipe, profile)
    made = list(maker.full(picture))
    for size in SIZES:
        made += maker.one(picture, size)
    return made


_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _turned(picture: Image.Image, orientation: int) -> Image.Image:
    """Upright, as the orientation (CIPA DC-008 §4.6.4) says; of the file it may be gone already."""
    turn = _TURNS.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def _plain(image: Image.Image) -> Image.Image:
    """Pixels that can be resized, without anything said about them."""
    if image.mode.startswith("I") or image.mode == "F":
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode in {"1", "LA", "PA", "La"}:
        image = image.convert("RGBA" if "A" in image.mode.upper() else "L")
    image.load()
    copy = image.copy()
    copy.info = {}
    return copy


@dataclass(frozen=True)
class _Maker:
    """Saves pictures of one upload into its folder."""

    folder: Path
    recipe: Recipe
    profile: Any

    def full(self, picture: Image.Image) -> Iterator[MediaFile]:
        # WordPress leaves large PNGs alone: a smaller one is often the larger file.
        if max(picture.size) > THRESHOLD and self.recipe.mime_type != "image/png":
            sides = constrained(*picture.size, THRESHOLD, THRESHOLD)
            scaled = picture.resize(sides, Image.Resampling.LANCZOS, reducing_gap=2.0)
            yield self._saved(scaled, "full", "-scaled")
        elif self.recipe.orientation != 1:
            yield self._saved(picture, "full", "-rotated")

    def one(self, picture: Image.Image, size: Size) -> Iterator[MediaFile]:
        wanted = fit(size, *picture.size, self.recipe.focus)
        if wanted is None:
            return
        sides = (wanted.width, wanted.height)
        resized = picture.resize(sides, Image.Resampling.LANCZOS, box=wanted.box, reducing_gap=2.0)
        made = self._saved(resized, size.name, f"-{wanted.width}x{wanted.height}")
        yield made
        yield from self._variants(resized, made)

    def _variants(self, resized: Image.Image, made: MediaFile) -> Iterator[MediaFile]:
        """The same in newer formats, where that makes the file smaller."""
        for extension in self.recipe.formats:
            kind, mime_type, options = _VARIANTS[extension]
            if self.recipe.mime_type in {mime_type, "image/gif"}:
                continue
            suffix = f"{made.suffix}.{made.extension}"
            path = self.folder / f"{made.size}{suffix}.{extension}"
            shown = resized if resized.mode in {"RGB", "RGBA", "L"} else resized.convert("RGB")
            shown.save(path, kind, **options, **_coloured(shown, resized, self.profile))
            if path.stat().st_size < made.bytes:
                sides = {"width": made.width, "height": made.height}
                yield file_of(made.size, suffix, extension, path, mime_type, variant=True, **sides)

    def _saved(self, picture: Image.Image, size: str, suffix: str) -> MediaFile:
        mime_type, extension = self.recipe.mime_type, self.recipe.extension
        kind = _FORMATS[mime_type]
        shown = picture
        if kind == "JPEG" and picture.mode not in {"RGB", "L", "CMYK"}:
            shown = picture.convert("RGB")
        path = self.folder / f"{size}{suffix}.{extension}"
        shown.save(path, kind, **_SAVING[kind], **_coloured(shown, picture, self.profile))
        width, height = shown.size
        return file_of(size, suffix, extension, path, mime_type, width=width, height=height)


def _coloured(shown: Image.Image, picture: Image.Image, profile: Any) -> dict[str, Any]:
    """A profile of four colours does not fit what was converted to three."""
    return {"icc_profile": profile} if profile and shown.mode == picture.mode else {}


def edited(
    source: Path, target: Path, mime_type: str, *, rotation: int = 0, crop: Box | None = None
) -> None:
    """A turned (degrees clockwise) and cropped copy of a picture; the crop is in pixels of the
    turned one."""
    with _opened(source, mime_type) as image:
        profile = image.info.get("icc_profile")
        picture = _plain(ImageOps.exif_transpose(image) or image)
    if rotation:
        picture = picture.rotate(-rotation, Image.Resampling.BICUBIC, expand=True)
    if crop is not None:
        picture = picture.crop(crop)
    kind = _FORMATS[mime_type]
    options = {**_SAVING[kind], **({"quality": 95} if kind in {"JPEG", "WEBP"} else {})}
    picture.save(target, kind, **options, **_coloured(picture, picture, profile))


def is_sideways(orientation: int) -> bool:
    """Whether width and height change places when the picture is shown."""
    return orientation in _SIDEWAYS
