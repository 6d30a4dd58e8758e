"""What screens say, in the language that they say it in: every text of a page, and what betrays
that nobody has put it into the reader's language."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cms.admin.rendering import HERE, folder_of
from cms.admin.translating import PORTUGUESE, Words
from cms.host import build_registry
from cms.settings import Settings
from tests.support.visiting import Seen, Visitor

# No Portuguese sentence has these words, and hardly an English one is without any of them.
ENGLISH_WORDS = frozenset(
    """about after again all and any anybody are as at back been before below between but by can
    cannot change changed closed days deny denied does draft each empty ended everybody failed few
    for from given has have here his how in into is it its last less make may more most must name
    never new no nobody none not nothing number of off on once one only open or other our people
    person publish published read reader review saved show since so somebody text than that the
    their them then there these they this those to two under until up was were what when where
    which who whole whose will with without write written yes you your""".split()
) - {"a", "as", "do", "no", "so", "me", "or", "at", "in", "on"}
_WORD = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*")
# Names of things in programs, and what is in a language of its own.
_NOT_SAID = "code, pre, kbd, samp, script, style, template"
_TOLD_BY = ("aria-label", "placeholder", "alt", "title", "data-told")
