"""The policies that stand before a tenant adds its own, and the platform's, which nobody edits."""

from cms.kernel.declarations import PolicyAttribute, PolicyRule

MANAGE_POLICIES = "manage_policies"

ATTRIBUTES = (
    PolicyAttribute(
        "is_public",
        "Bool",
        "Whether readers who have not signed in may see the object; the use case says so.",
    ),
    PolicyAttribute(
        "medical_context",
        "Bool",
        "Whether the object is medical content; the use case says so.",
    ),
)

DEFAULTS = (
    PolicyRule(
        "visitors_read",
        "P",
        """
        permit (
            principal is Anonymous,
            action in [Action::"public_read", Action::"sign_in", Action::"comment"],
            resource
        ) unless { context has is_public && !context.is_public };
        """,
        "Whoever has not signed in may read what asks for no capability and is not marked as not "
        "public, may sign in, and may comment where the options of the site let visitors do so. "
        "Nothing else.",
    ),
    PolicyRule(
        "people_act_in_their_site",
        "P",
        """
        permit (principal is User, action, resource)
        when { principal.tenant == resource.tenant };
        """,
        "People may do every declared action of their own site. Their capabilities and the guards "
        "of the content narrow this further.",
    ),
    PolicyRule(
        "system_acts_in_its_site",
        "P",
        """
        permit (principal is System, action, resource)
        when { principal.tenant == resource.tenant };
        """,
        "Jobs and commands may do every declared action of the site they run for.",
    ),
)

# Part of every compiled set, whatever a plugin or a tenant says; a forbid beats every permit.
PLATFORM = (
    PolicyRule(
        "same_tenant",
        "P",
        """
        forbid (principal, action, resource)
        unless { principal.tenant == resource.tenant && context.tenant_id == resource.tenant };
        """,
        "Nobody reaches from one tenant into another.",
    ),
)
