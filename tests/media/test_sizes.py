"""WordPress's arithmetic, and names that can be read back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.media.names import clean, numbered, read_back
from cms.media.sizes import SIZES, fit

SIDES = st.integers(1, 6000)


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1200, 800, {"medium": (300, 200), "large": (1024, 683), "thumbnail": (150, 150)}),
        (800, 1200, {"medium": (200, 300), "large": (683, 1024), "thumbnail": (150, 150)}),
        (100, 300, {"medium": None, "large": None, "thumbnail": (100, 150)}),
        (150, 150, {"medium": None, "large": None, "thumbnail": None}),
        (2000, 1, {"medium": (300, 1), "large": (1024, 1), "thumbnail": (150, 1)}),
    ],
)
def test_sides_are_those_of_wordpress(width, height, expected):
    found = {size.name: fit(size, width, height) for size in SIZES}
    for name, sides in expected.items():
        one = found[name]
        assert (one and (one.width, one.height)) == sides, name


@given(SIDES, SIDES, st.floats(0, 100), st.floats(0, 100))
def test_a_rendition_lies_within_its_picture_and_is_smaller(width, height, x, y):
    for size in SIZES:
        one = fit(size, width, height, (x, y))
        if one is None:
            continue
        left, top, right, bottom = one.box
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
        assert one.width < width or one.height < height
        assert one.width <= (size.width or width)
        assert one.height <= (size.height or height)


@given(st.text(max_size=60), st.sampled_from(["", "-300x200", "-scaled", "-rotated"]))
def test_every_name_leads_back_to_its_upload(name, suffix):
    stem, _ = clean(f"{name}.jpg")
    for public in (f"2026/11/{stem}{suffix}.jpg", f"2026/11/{stem}{suffix}.jpg.webp"):
        assert read_back(public) == (f"2026/11/{stem}", public.rpartition("/")[2])


@given(st.text(max_size=40))
def test_other_paths_lead_nowhere(path):
    found = read_back(path)
    assert found is None or ".." not in found[0]


def test_names_are_numbered():
    assert numbered("a", set()) == "a"
    assert numbered("a", {"a", "a-1", "a-3"}) == "a-2"
