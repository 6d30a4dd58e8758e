"""Nothing medical reaches readers but the text that a reviewer has approved, to the byte."""

from cms.kernel.plugin import Plugin
from plugins.medical_review.actions import ACTIONS
from plugins.medical_review.aftercare import declared as aftercare
from plugins.medical_review.aftercare.vocabulary import AftercareTag
from plugins.medical_review.articles import declared as articles
from plugins.medical_review.articles.field_groups import FIELD_GROUPS
from plugins.medical_review.articles.fields import REST_FIELDS
from plugins.medical_review.articles.kinds import MEDICAL_PART, POST_TYPES
from plugins.medical_review.articles.vocabulary import ArticleTag
from plugins.medical_review.checks import declaring as checks
from plugins.medical_review.checks.vocabulary import CheckTag
from plugins.medical_review.comparing.actions import COMPARING_ACTIONS, ComparingTag
from plugins.medical_review.connecting import connect
from plugins.medical_review.discussion.actions import DISCUSSION_ACTIONS
from plugins.medical_review.discussion.events import DISCUSSION_EVENTS
from plugins.medical_review.discussion.models import DISCUSSION_MODELS
from plugins.medical_review.discussion.notices import DISCUSSION_NOTICES
from plugins.medical_review.discussion.vocabulary import DiscussionTag
from plugins.medical_review.inviting.actions import GUESTS_DECIDE, INVITATION_ACTIONS
from plugins.medical_review.inviting.events import INVITATION_EVENTS
from plugins.medical_review.inviting.letters import LETTER_JOBS
from plugins.medical_review.messages import NOTICES
from plugins.medical_review.policies import ATTRIBUTES, POLICIES
from plugins.medical_review.references.actions import REFERENCE_ACTIONS
from plugins.medical_review.references.citations import BLOCKS, SHORTCODES
from plugins.medical_review.references.events import REFERENCE_EVENTS
from plugins.medical_review.references.health import REFERENCE_HEALTH
from plugins.medical_review.references.models import REFERENCE_MODELS
from plugins.medical_review.references.rendering import RENDERING_JOBS
from plugins.medical_review.references.vocabulary import ReferenceTag
from plugins.medical_review.references.watching import WATCHING_JOBS
from plugins.medical_review.reviewing.claim_events import PEOPLE_EVENTS
from plugins.medical_review.reviewing.course_models import COURSE_MODELS
from plugins.medical_review.reviewing.due import REVIEW_JOBS
from plugins.medical_review.reviewing.events import EVENTS
from plugins.medical_review.reviewing.models import MODELS
from plugins.medical_review.roles import CAPABILITIES, GRANTS, ROLES
from plugins.medical_review.settings import ReviewSettings
from plugins.medical_review.signing.actions import ACTIONS as SIGNING_ACTIONS
from plugins.medical_review.signing.events import EVENTS as SIGNING_EVENTS
from plugins.medical_review.signing.health import CHECKS as SIGNING_CHECKS
from plugins.medical_review.signing.jobs import JOBS as SIGNING_JOBS
from plugins.medical_review.signing.models import MODELS as SIGNING_MODELS
from plugins.medical_review.signing.vocabulary import SigningTag
from plugins.medical_review.vocabulary import ReviewTag
from plugins.medical_review.web import LIST_STEPS, MENU, PANELS, PLACES, SCREENS
from plugins.medical_review.workflows.actions import WORKFLOW_ACTIONS
from plugins.medical_review.workflows.events import WORKFLOW_EVENTS
from plugins.medical_review.workflows.models import WORKFLOW_MODELS
from plugins.medical_review.workflows.vocabulary import WorkflowTag

plugin = Plugin(
    slug="medical_review",
    summary="Binds what readers see to the approval of exactly that text",
    requires=("professional_registry",),
    api_prefix="reviews",
    models=(
        *MODELS,
        *COURSE_MODELS,
        *WORKFLOW_MODELS,
        *SIGNING_MODELS,
        *DISCUSSION_MODELS,
        *REFERENCE_MODELS,
        *aftercare.MODELS,
        *checks.MODELS,
    ),
    migrations="plugins.medical_review.migrations",
    routes="plugins.medical_review.routes:routes",
    pages="plugins.medical_review.inviting.pages:pages",
    roles=ROLES,
    grants=GRANTS,
    capabilities=CAPABILITIES,
    post_types=POST_TYPES,
    rest_fields=(*REST_FIELDS, *articles.REST_FIELDS, *aftercare.REST_FIELDS),
    field_groups=FIELD_GROUPS,
    revision_parts=(MEDICAL_PART,),
    vocabulary=(
        ReviewTag,
        WorkflowTag,
        SigningTag,
        ComparingTag,
        DiscussionTag,
        ReferenceTag,
        AftercareTag,
        ArticleTag,
        CheckTag,
    ),
    actions=(
        *ACTIONS,
        *WORKFLOW_ACTIONS,
        *INVITATION_ACTIONS,
        *SIGNING_ACTIONS,
        *COMPARING_ACTIONS,
        *DISCUSSION_ACTIONS,
        *REFERENCE_ACTIONS,
        *aftercare.ACTIONS,
        *articles.ACTIONS,
        *checks.ACTIONS,
    ),
    events=(
        *EVENTS,
        *PEOPLE_EVENTS,
        *INVITATION_EVENTS,
        *WORKFLOW_EVENTS,
        *SIGNING_EVENTS,
        *DISCUSSION_EVENTS,
        *REFERENCE_EVENTS,
        *aftercare.EVENTS,
        *checks.EVENTS,
    ),
    shortcodes=SHORTCODES,
    dynamic_blocks=BLOCKS,
    jobs=(
        *SIGNING_JOBS,
        *REVIEW_JOBS,
        *LETTER_JOBS,
        *RENDERING_JOBS,
        *WATCHING_JOBS,
        *aftercare.JOBS,
        *articles.JOBS,
        *checks.JOBS,
    ),
    notices=(*aftercare.NOTICES, *articles.NOTICES, *DISCUSSION_NOTICES, *NOTICES),
    health=(*SIGNING_CHECKS, *articles.HEALTH, *REFERENCE_HEALTH),
    policy_attributes=ATTRIBUTES,
    policies=(*POLICIES, GUESTS_DECIDE),
    settings=ReviewSettings,
    command="plugins.medical_review.cli:review",
    demo="plugins.medical_review.demo:seed",
    screens=SCREENS,
    menu=MENU,
    panels=PANELS,
    list_steps=LIST_STEPS,
    places=PLACES,
    connect=connect,
)
