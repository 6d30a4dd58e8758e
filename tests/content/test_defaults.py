"""The types that every site has are those of WordPress, as measured."""

import json
from pathlib import Path

import pytest

from cms.content.defaults import POST_TYPES

_FILE = Path(__file__).parents[1] / "rest" / "data" / "wordpress-types.json"
MEASURED = json.loads(_FILE.read_text())["post_types"]
DECLARED = {one.name: one for one in POST_TYPES}
VERBS = ("edit", "edit_others", "delete", "publish", "read_private", "delete_private")
OF_LIVE = ("delete_published", "delete_others", "edit_private", "edit_published")


@pytest.mark.parametrize("name", ["post", "page"])
def test_a_type_is_what_it_is_in_wordpress(name):
    ours, theirs = DECLARED[name], MEASURED[name]
    assert ours.rest_base == theirs["rest_base"]
    assert ours.is_hierarchical == theirs["hierarchical"]
    assert ours.capability_type[0] == theirs["capability_type"]
    assert list(ours.supports) == theirs["supports"]
    for verb in (*VERBS, *OF_LIVE):
        assert ours.capability(verb) == theirs["cap"][f"{verb}_posts"], verb
