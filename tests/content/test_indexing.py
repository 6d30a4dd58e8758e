"""What is marked as searchable helps to find its post, and nothing else does."""

import pytest

from cms.kernel.declarations import RestField

V2 = "/wp-json/wp/v2"


async def test_searchable_fields_and_meta_find_their_post(noticeboard):
    editor = await noticeboard.person("ed", ["editor"])
    meta = {"keywords": "<b>zumbidos</b>", "shelf": "porão"}
    made = await noticeboard.draft(editor, "notices", colour="red", meta=meta)
    for words, is_found in (("red", True), ("zumbido", True), ("porao", False), ("b", False)):
        address = f"{V2}/notices?status=any&search={words}"
        found = [one["id"] for one in (await editor.get(address)).json()]
        assert found == ([made["id"]] if is_found else []), words
    await editor.post(f"{V2}/notices/{made['id']}", {"colour": "yellow"})
    assert (await editor.get(f"{V2}/notices?status=any&search=red")).json() == []


def test_a_computed_field_cannot_be_searched():
    async def compute(_work, views):
        return [0 for _ in views]

    with pytest.raises(ValueError, match="computed and cannot be searched"):
        RestField("looks", {"type": "integer"}, ("leaflet",), compute=compute, searchable=True)
