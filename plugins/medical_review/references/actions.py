"""What can be done with the library."""

from cms.kernel.actions import Action
from plugins.medical_review.references.vocabulary import ReferenceTag
from plugins.medical_review.reviewing.deciding import APPROVE

WRITE = "edit_posts"
_ABOUT = "reference"

REFERENCE_ACTIONS = (
    Action("reference.list", _ABOUT, ReferenceTag.REFERENCE_LIST, WRITE, True, "Search literature"),
    Action("reference.read", _ABOUT, ReferenceTag.REFERENCE_READ, WRITE, True, "Read a reference"),
    Action(
        "reference.add",
        _ABOUT,
        ReferenceTag.REFERENCE_ADD,
        WRITE,
        False,
        "Add a publication to the library, by hand or through a source",
    ),
    Action(
        "reference.change",
        _ABOUT,
        ReferenceTag.REFERENCE_CHANGE,
        APPROVE,
        False,
        "Change what the library says of a publication",
    ),
    Action(
        "reference.merge",
        _ABOUT,
        ReferenceTag.REFERENCE_MERGE,
        APPROVE,
        False,
        "Make one entry of two that are the same publication",
    ),
    Action(
        "reference.retract",
        _ABOUT,
        ReferenceTag.REFERENCE_RETRACT,
        APPROVE,
        False,
        "Note that a publication was retracted, or that it was not",
    ),
    Action(
        "reference.style",
        _ABOUT,
        ReferenceTag.REFERENCE_STYLE,
        "manage_options",
        False,
        "Choose the style in which the site shows its references",
    ),
)
