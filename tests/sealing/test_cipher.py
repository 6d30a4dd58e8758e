"""A sealed value opens at its place and nowhere else."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.errors import SetupError
from cms.sealing.cipher import CannotBeOpened, Place, PlatformKey, key_id_of, seal, unseal

KEY = bytes(range(32))
HERE = Place(1, "sealed_values", "post", 12, "diagnosis")
ELSEWHERE = (
    replace(HERE, tenant_id=2),
    replace(HERE, table="other"),
    replace(HERE, subject="user"),
    replace(HERE, subject_id=13),
    replace(HERE, field="diagnosi"),
)


@given(plain=st.binary(max_size=300), key_id=st.integers(0, 2**32 - 1))
def test_what_is_sealed_is_opened(plain: bytes, key_id: int) -> None:
    sealed = seal(KEY, key_id, HERE, plain)
    assert key_id_of(sealed) == key_id
    assert len(sealed) == len(plain) + 33
    assert unseal(KEY, HERE, sealed) == plain


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_value_that_was_moved_is_refused(place: Place) -> None:
    with pytest.raises(CannotBeOpened):
        unseal(KEY, place, seal(KEY, 7, HERE, b"x"))


@given(at=st.integers(0, 34), bit=st.integers(0, 7))
def test_a_changed_bit_is_refused(at: int, bit: int) -> None:
    sealed = bytearray(seal(KEY, 7, HERE, b"xy"))
    sealed[at] ^= 1 << bit
    with pytest.raises(CannotBeOpened):
        unseal(KEY, HERE, bytes(sealed))


def test_names_that_run_together_are_told_apart() -> None:
    one, two = replace(HERE, subject="a", field="bc"), replace(HERE, subject="ab", field="c")
    assert one.additional_data(1) != two.additional_data(1)


@pytest.mark.parametrize("kept", ["", "beef", "x" * 64])
def test_a_platform_key_that_is_none_is_refused_in_words(tmp_path: Path, kept: str) -> None:
    file = tmp_path / "platform-key"
    file.write_text(kept)
    with pytest.raises(SetupError, match="64 hexadecimal digits"):
        PlatformKey.load(file, create=False)


def test_the_first_platform_key_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "platform-key"
    wrapped = PlatformKey.load(file, create=True).wrap(HERE, KEY)
    assert file.stat().st_mode & 0o777 == 0o600
    assert PlatformKey.load(file, create=False).unwrap(HERE, wrapped) == KEY
