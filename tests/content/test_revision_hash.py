"""What an approval binds to: frozen vectors, computed here without the code under test."""

import hashlib
import json
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from cms.content.draft import Draft

VECTORS = json.loads((Path(__file__).parent / "data" / "revision-hashes.json").read_text())


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["name"])
def test_the_hash_of_a_draft_never_changes(vector):
    """A change of these means that every approval ever given is void."""
    hashed = VECTORS["prefix"].encode() + rfc8785.dumps(vector["hashed"])
    assert hashlib.sha256(hashed).hexdigest() == vector["sha256"]
    assert Draft(**vector["draft"]).content_hash().hex() == vector["sha256"]


def test_order_of_terms_and_keys_does_not_count():
    first = Draft("post", "pt-BR", 1, terms={"a": [2, 1], "b": []}, parts={"p": {"x": 1, "y": 2}})
    second = Draft("post", "pt-BR", 1, terms={"b": [], "a": [1, 2]}, parts={"p": {"y": 2, "x": 1}})
    assert first.content_hash() == second.content_hash()


FIELDS = st.fixed_dictionaries(
    {
        "title": st.text(max_size=5),
        "content": st.text(max_size=5),
        "excerpt": st.text(max_size=5),
        "slug": st.text(max_size=5),
        "author_id": st.integers(1, 3),
        "featured_media": st.none() | st.integers(1, 3),
        "parts": st.dictionaries(
            st.text(max_size=2), st.dictionaries(st.text(), st.integers(0, 2))
        ),
    }
)


@given(FIELDS, FIELDS)
def test_two_drafts_have_one_hash_only_if_they_are_the_same(one, other):
    hashes = [Draft("post", "pt-BR", **fields).content_hash() for fields in (one, other)]
    assert (hashes[0] == hashes[1]) == (one == other)
