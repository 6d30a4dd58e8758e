"""The server's parser and the editor's cut every text alike."""

import pytest

from cms.markup import blocks
from tests.editor.corpus import cases


def _slice(piece: blocks.Piece) -> list[str]:
    if isinstance(piece, str):
        return ["text", piece]
    if isinstance(piece, blocks.Broken):
        return ["broken", piece.text]
    return [piece.name, blocks.serialize((piece,))]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_the_server_cuts_a_text_as_the_case_says(case):
    assert [_slice(piece) for piece in blocks.parse(case["source"])] == case["slices"]


async def test_the_editor_cuts_every_text_as_the_case_says(laws):
    found = await laws.evaluate("all => all.map(laws.topSlices)", [c["source"] for c in cases()])
    assert found == [case["slices"] for case in cases()]


async def test_any_text_is_cut_alike(laws):
    texts = [await laws.evaluate("n => laws.anyText(n)", seed) for seed in range(500)]
    found = await laws.evaluate("all => all.map(laws.topSlices)", texts)
    assert found == [[_slice(p) for p in blocks.parse(text)] for text in texts]
