"""What can be done to field groups."""

from cms.kernel.actions import Action


def _action(verb: str, reads: bool, summary: str) -> Action:
    tag = f"fields:group:{verb}"
    return Action(f"field_group.{verb}", "field_group", tag, "manage_options", reads, summary)


ACTIONS = (
    _action("list", True, "List the field groups"),
    _action("read", True, "Read a field group"),
    _action("save", False, "Add or change a field group"),
    _action("remove", False, "Stop using a field group"),
    Action(
        "options_page.read",
        "options_page",
        "fields:page:read",
        None,
        True,
        "Read the values of an options page, as far as its groups are shown in REST",
    ),
    Action(
        "options_page.edit",
        "options_page",
        "fields:page:edit",
        "manage_options",
        False,
        "Change the values of an options page",
    ),
    Action(
        "field_type.list",
        "field_type",
        "fields:type:list",
        "edit_posts",
        True,
        "List the types of fields and what their forms need",
    ),
)
