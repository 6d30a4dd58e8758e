"""The sizes in which WordPress keeps a picture, and how it computes their sides."""

from dataclasses import dataclass

THRESHOLD = 2560
"""Pictures with a longer side get a `-scaled` copy that stands for them."""


@dataclass(frozen=True)
class Size:
    """A name with the largest sides; 0 is any. A cropped one fills its sides exactly."""

    name: str
    width: int
    height: int
    is_cropped: bool = False


SIZES = (
    Size("medium", 300, 300),
    Size("large", 1024, 1024),
    Size("thumbnail", 150, 150, is_cropped=True),
    Size("medium_large", 768, 0),
    Size("1536x1536", 1536, 1536),
    Size("2048x2048", 2048, 2048),
)

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Fit:
    """A rendition's sides, and the part of the picture that it shows."""

    width: int
    height: int
    box: Box


def fit(size: Size, width: int, height: int, focus: tuple[float, float] = (50, 50)) -> Fit | None:
    """How a picture of these sides is made to fit; None when it would not get smaller. The focus is
    in per cent from the left and from the top."""
    if size.is_cropped:
        return _cropped(size, width, height, focus)
    new_width, new_height = constrained(width, height, size.width, size.height)
    if new_width >= width and new_height >= height:
        return None
    return Fit(new_width, new_height, (0, 0, width, height))


def _cropped(size: Size, width: int, height: int, focus: tuple[float, float]) -> Fit | None:
    new_width, new_height = min(size.width, width), min(size.height, height)
    if new_width >= width and new_height >= height:
        return None
    ratio = max(new_width / width, new_height / height)
    cut_width, cut_height = _round(new_width / ratio), _round(new_height / ratio)
    left = _start(width, cut_width, focus[0])
    top = _start(height, cut_height, focus[1])
    return Fit(new_width, new_height, (left, top, left + cut_width, top + cut_height))


def _start(whole: int, part: int, focus: float) -> int:
    return max(0, min(whole - part, int(whole * focus / 100 - part / 2)))


def constrained(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    """The sides shrunk in proportion, with WordPress's rounding."""
    by_width = most_width / width if most_width and width > most_width else 1.0
    by_height = most_height / height if most_height and height > most_height else 1.0
    smaller, larger = min(by_width, by_height), max(by_width, by_height)
    is_too_large = (most_width and _round(width * larger) > most_width) or (
        most_height and _round(height * larger) > most_height
    )
    ratio = smaller if is_too_large else larger
    new_width, new_height = max(1, _round(width * ratio)), max(1, _round(height * ratio))
    # One pixel is lost to rounding now and then.
    if by_width < 1 and new_width == most_width - 1:
        new_width = most_width
    if by_height < 1 and new_height == most_height - 1:
        new_height = most_height
    return new_width, new_height


def _round(value: float) -> int:
    """Half away from zero, as PHP rounds."""
    return int(value + 0.5)
