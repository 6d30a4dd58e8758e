"""Nothing medical reaches readers but the text that a reviewer has approved, to the byte."""

from cms.content.draft import Draft
from cms.content.events import PostErased, RevisionSaved, Transition
from cms.fields.rights import READ_PROFESSIONAL
from cms.kernel.actions import Action
from cms.kernel.decisions import Question
from cms.kernel.declarations import PolicyAttribute, PolicyRule, Role
from cms.kernel.hooks import Hooks
from cms.kernel.plugin import Plugin
from plugins.medical_review.articles import MEDICAL_PART, POST_TYPES, REVIEWED
from plugins.medical_review.case_texts import do_action, list_carried
from plugins.medical_review.deciding import APPROVE
from plugins.medical_review.events import EVENTS
from plugins.medical_review.field_groups import FIELD_GROUPS
from plugins.medical_review.fields import REST_FIELDS
from plugins.medical_review.guards import may_go_on, reviews_stay
from plugins.medical_review.models import MODELS
from plugins.medical_review.parts import fit_for_medicine
from plugins.medical_review.reading import VIEW
from plugins.medical_review.renewing import renew_responsible
from plugins.medical_review.reviews import follow_edit, follow_move
from plugins.medical_review.vocabulary import ReviewTag
from plugins.professional_registry.carried import CarriedTexts
from plugins.professional_registry.case_events import CaseActionTaken

APPROVE_LEGAL = "approve_legal_content"

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
    capabilities=frozenset({"read", "read_private_posts", VIEW, APPROVE_LEGAL, READ_PROFESSIONAL}),
    medical_scope={"content_types": ["all"], "legal_approval": True},
    compliance_level="professional",
)

ACTIONS = (
    Action("review.list", "review", ReviewTag.REVIEW_LIST, VIEW, True, "See what waits for review"),
    Action("review.read", "review", ReviewTag.REVIEW_READ, VIEW, True, "Read a text under review"),
    Action(
        "review.history",
        "review",
        ReviewTag.REVIEW_HISTORY,
        VIEW,
        True,
        "See the reviews of a post, and what still stands in the way of its publication",
    ),
    Action(
        "review.submit", "review", ReviewTag.REVIEW_SUBMIT, "edit_post", False, "Submit for review"
    ),
    Action(
        "review.decide",
        "review",
        ReviewTag.REVIEW_DECIDE,
        APPROVE,
        False,
        "Approve a text, or send it back",
    ),
    Action(
        "article.affected",
        "post",
        ReviewTag.ARTICLE_AFFECTED,
        "manage_compliance",
        True,
        "See which texts carry a professional",
    ),
)

# Application passwords may draft and submit. What a person puts her name to needs herself.
SIGNING_NEEDS_SIGN_IN = PolicyRule(
    "signing_needs_sign_in",
    "R",
    """
    forbid (
        principal,
        action in [Action::"review.decide", Action::"post.publish_reviewed"],
        resource
    ) unless { context.satisfied.contains("signed_in") };
    """,
    "Approving medical content, and publishing it, needs a person who has signed in with a "
    "factor; an application password may draft and submit.",
    obligation="signed_in",
)


def _is_medical(question: Question) -> bool | None:
    post_type = question.attributes.get("post_type")
    return post_type in REVIEWED if post_type is not None else None


MEDICAL_CONTEXT = PolicyAttribute(
    "medical_context",
    "Bool",
    "Whether the object is medical content: a post of a reviewed type.",
    provide=_is_medical,
)


def _connect(hooks: Hooks) -> None:
    hooks.filter(Draft, fit_for_medicine)
    hooks.prepare(Transition, renew_responsible)
    hooks.guard(Transition, may_go_on)
    hooks.guard(PostErased, reviews_stay)
    hooks.observe(Transition, follow_move)
    hooks.observe(RevisionSaved, follow_edit)
    hooks.filter(CarriedTexts, list_carried)
    hooks.observe(CaseActionTaken, do_action)


plugin = Plugin(
    slug="medical_review",
    summary="Binds what readers see to the approval of exactly that text",
    requires=("professional_registry",),
    api_prefix="reviews",
    models=MODELS,
    migrations="plugins.medical_review.migrations",
    routes="plugins.medical_review.api:routes",
    roles=(CONTENT_REVIEWER, LEGAL_REVIEWER),
    # Running the site makes nobody a medical reviewer: an administrator approves nothing.
    grants={"administrator": frozenset({VIEW})},
    capabilities={
        APPROVE: "Approve medical texts of others, or send them back",
        APPROVE_LEGAL: "Approve texts of others for the law",
        VIEW: "See the queue of reviews and read submitted texts",
    },
    post_types=POST_TYPES,
    rest_fields=REST_FIELDS,
    field_groups=FIELD_GROUPS,
    revision_parts=(MEDICAL_PART,),
    vocabulary=(ReviewTag,),
    actions=ACTIONS,
    events=EVENTS,
    policy_attributes=(MEDICAL_CONTEXT,),
    policies=(SIGNING_NEEDS_SIGN_IN,),
    demo="plugins.medical_review.demo:seed",
    connect=_connect,
)
