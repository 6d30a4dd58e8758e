"""What can be done with checks, and by whom."""

from cms.kernel.actions import Action
from plugins.medical_review.checks.people import MANAGE, OVERRIDE, WEIGH
from plugins.medical_review.checks.vocabulary import CheckTag
from plugins.medical_review.reviewing.reading import VIEW

CHECK_ACTIONS = (
    Action("check.run", "check", CheckTag.CHECK_RUN, "edit_posts", True, "Check a text"),
    Action(
        "check.read", "check", CheckTag.CHECK_READ, "edit_posts", True, "See what stands in a post"
    ),
    Action("check.list", "check", CheckTag.CHECK_LIST, VIEW, True, "List what scans have found"),
    Action("check.scan", "check", CheckTag.CHECK_SCAN, MANAGE, False, "Have many posts checked"),
    Action(
        "check.override",
        "check",
        CheckTag.CHECK_OVERRIDE,
        OVERRIDE,
        False,
        "Let a finding pass in one text, with a signed justification",
    ),
    Action("rule.read", "rule", CheckTag.RULE_READ, "edit_posts", True, "Read the rules"),
    Action("rule.add", "rule", CheckTag.RULE_ADD, MANAGE, False, "Add a set of rules"),
    Action(
        "rule.weigh",
        "rule",
        CheckTag.RULE_WEIGH,
        WEIGH,
        False,
        "Choose how much a rule weighs that no statute fixes",
    ),
    Action(
        "medicine.read",
        "medicine_list",
        CheckTag.MEDICINE_READ,
        "edit_posts",
        True,
        "See which list of medicines is in use",
    ),
    Action(
        "medicine.load",
        "medicine_list",
        CheckTag.MEDICINE_LOAD,
        MANAGE,
        False,
        "Load a list of medicines",
    ),
)
