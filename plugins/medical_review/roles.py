"""Who reviews, and what each may do."""

from cms.fields.rights import READ_PROFESSIONAL
from cms.kernel.declarations import Role
from plugins.medical_review.aftercare.amendments import CORRECT, RETRACT
from plugins.medical_review.checks.people import CHECK_CAPABILITIES, CHECK_GRANTS, OVERRIDE, WEIGH
from plugins.medical_review.reviewing.claims import ASSIGN
from plugins.medical_review.reviewing.reading import VIEW
from plugins.medical_review.workflows.keeping import MANAGE
from plugins.medical_review.workflows.shipped import APPROVE, APPROVE_LEGAL

# edit_posts and read_private_posts are not in the seed: without them WordPress's own list shows
# nobody else's drafts, whatever edit_others_posts says.
CONTENT_REVIEWER = Role(
    name="content_reviewer",
    label="Content reviewer",
    capabilities=frozenset(
        {
            "read",
            "edit_posts",
            "edit_others_posts",
            "read_private_posts",
            VIEW,
            APPROVE,
            OVERRIDE,
            CORRECT,
            RETRACT,
            READ_PROFESSIONAL,
        }
    ),
    medical_scope={"content_types": ["all"], "final_approval": True},
    compliance_level="professional",
)
# The seed names this role and no row of it. It reads submitted texts; it changes none.
LEGAL_REVIEWER = Role(
    name="legal_reviewer",
    label="Legal reviewer",
    capabilities=frozenset(
        {"read", "read_private_posts", VIEW, APPROVE_LEGAL, READ_PROFESSIONAL, OVERRIDE, WEIGH}
    ),
    medical_scope={"content_types": ["all"], "legal_approval": True},
    compliance_level="professional",
)

ROLES = (CONTENT_REVIEWER, LEGAL_REVIEWER)
# Running the site makes nobody a medical reviewer: an administrator approves nothing.
GRANTS = {"administrator": frozenset({VIEW, ASSIGN, MANAGE}) | CHECK_GRANTS["administrator"]}
CAPABILITIES = {
    **CHECK_CAPABILITIES,
    APPROVE: "Approve medical texts of others, or send them back",
    CORRECT: "Tell readers, by a signature, what was wrong in a published text",
    RETRACT: "Retract published texts by a signature, and reinstate those of others",
    APPROVE_LEGAL: "Approve texts of others for the law",
    VIEW: "See the queue of reviews and read submitted texts",
    ASSIGN: "Give reviews to people, set when they are due, note who is away",
    MANAGE: "Make workflows of reviews, and say which texts take which",
}
