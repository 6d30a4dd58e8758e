"""Hanging items under their parents, whatever order and shape they come in."""

from hypothesis import given
from hypothesis import strategies as st

from cms.content.statuses import Status
from cms.site.links import Target
from cms.site.models import MenuItem
from cms.site.tree import nested


def item(number, parent, *, is_live=True):
    status = Status.PUBLISH if is_live else Status.DRAFT
    return MenuItem(tenant_id=1, id=number, parent_id=parent, status=status.value, position=number)


def ids(branches):
    return [(one.item.id, ids(one.below)) for one in branches]


def targets(items, gone=()):
    return {one.id: Target("x", "/", "y", is_valid=one.id not in gone) for one in items}


def test_what_hangs_on_a_hidden_item_takes_its_place():
    items = [item(1, None), item(2, 1, is_live=False), item(3, 2), item(4, 3), item(5, None)]
    assert ids(nested(items, targets(items))) == [(1, [(3, [(4, [])])]), (5, [])]
    assert ids(nested(items, targets(items, gone={1}))) == [(3, [(4, [])]), (5, [])]


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=12))
def test_every_item_that_is_shown_stands_somewhere_once(shape):
    """Parents that are missing, or in a circle, lose nobody who leads back to the top."""
    items = [
        item(n, parent if parent < n else None, is_live=is_live)
        for n, (parent, is_live) in enumerate(shape, start=1)
    ]

    def flat(branches):
        return [one.item.id for one in branches] + [
            below for one in branches for below in flat(one.below)
        ]

    shown = [one.id for one in items if one.status == "publish"]
    assert sorted(flat(nested(items, targets(items)))) == shown
