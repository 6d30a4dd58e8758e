"""The toy's policies: what it forbids, and what it wants promised first."""

from cms.kernel.declarations import PolicyRule

POLICIES = (
    PolicyRule(
        "rest_on_feast_days",
        "P",
        'forbid (principal, action == Action::"look.give", resource)'
        " when { context.is_feast_day };",
        "Nobody looks at texts on a feast day.",
    ),
    PolicyRule(
        "promise_first",
        "R",
        'forbid (principal, action == Action::"look.give", resource)'
        ' unless { context.satisfied.contains("promise") };',
        "Who looks has promised to read to the end.",
        obligation="promise",
    ),
)
