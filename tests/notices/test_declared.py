"""Every kind that the product declares is said in words of each language."""

import pytest

from cms.host import build_registry
from cms.settings import Settings

KINDS = build_registry(Settings()).notices


@pytest.mark.parametrize("slug", sorted(KINDS))
def test_it_is_said_in_both_languages(slug):
    pt, en = (KINDS[slug].words[language] for language in ("pt", "en"))
    assert all(one != other for one, other in zip(pt, en, strict=True))
