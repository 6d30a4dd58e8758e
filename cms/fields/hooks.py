"""What the room of fields hangs on the events and values of the host."""

from cms.content.draft import Draft
from cms.fields.drafts import fit_fields
from cms.kernel.hooks import FIRST, Hooks


def connect(hooks: Hooks) -> None:
    # First: filters of plugins see fields that are typed and checked.
    hooks.filter(Draft, fit_fields, order=FIRST)
