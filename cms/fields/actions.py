"""What can be done to field groups."""

from cms.fields.vocabulary import FieldsTag
from cms.kernel.actions import Action


def _action(
    verb: str, reads: bool, summary: str, capability: str | None = "manage_options"
) -> Action:
    tag = FieldsTag(f"fields:group:{verb}")
    return Action(f"field_group.{verb}", "field_group", tag, capability, reads, summary)


ACTIONS = (
    _action("list", True, "List the field groups"),
    _action("read", True, "Read a field group and its versions"),
    _action("save", False, "Add or change a field group"),
    _action("remove", False, "Stop using a field group"),
    # Whoever may edit something may know which fields it has.
    _action("apply", True, "See which field groups apply to something that one may edit", "read"),
    _action("form", True, "Read what is needed to draw the form of a field group", "read"),
    Action(
        "options_page.read",
        "options_page",
        FieldsTag.PAGE_READ,
        None,
        True,
        "Read the values of an options page, as far as its groups are shown in REST",
    ),
    Action(
        "options_page.edit",
        "options_page",
        FieldsTag.PAGE_EDIT,
        "manage_options",
        False,
        "Change the values of an options page",
    ),
    Action(
        "field_type.list",
        "field_type",
        FieldsTag.TYPE_LIST,
        "edit_posts",
        True,
        "List the types of fields and what their forms need",
    ),
)
