"""Nothing medical reaches readers but the text that a reviewer has approved, to the byte."""

from cms.kernel.plugin import Plugin
from plugins.medical_review.actions import ACTIONS
from plugins.medical_review.articles.field_groups import FIELD_GROUPS
from plugins.medical_review.articles.fields import REST_FIELDS
from plugins.medical_review.articles.kinds import MEDICAL_PART, POST_TYPES
from plugins.medical_review.connecting import connect
from plugins.medical_review.policies import ATTRIBUTES, POLICIES
from plugins.medical_review.reviewing.events import EVENTS
from plugins.medical_review.reviewing.models import MODELS
from plugins.medical_review.roles import CAPABILITIES, GRANTS, ROLES
from plugins.medical_review.settings import ReviewSettings
from plugins.medical_review.signing.actions import ACTIONS as SIGNING_ACTIONS
from plugins.medical_review.signing.events import EVENTS as SIGNING_EVENTS
from plugins.medical_review.signing.jobs import JOBS as SIGNING_JOBS
from plugins.medical_review.signing.models import MODELS as SIGNING_MODELS
from plugins.medical_review.signing.vocabulary import SigningTag
from plugins.medical_review.vocabulary import ReviewTag

plugin = Plugin(
    slug="medical_review",
    summary="Binds what readers see to the approval of exactly that text",
    requires=("professional_registry",),
    api_prefix="reviews",
    models=(*MODELS, *SIGNING_MODELS),
    migrations="plugins.medical_review.migrations",
    routes="plugins.medical_review.routes:routes",
    roles=ROLES,
    grants=GRANTS,
    capabilities=CAPABILITIES,
    post_types=POST_TYPES,
    rest_fields=REST_FIELDS,
    field_groups=FIELD_GROUPS,
    revision_parts=(MEDICAL_PART,),
    vocabulary=(ReviewTag, SigningTag),
    actions=(*ACTIONS, *SIGNING_ACTIONS),
    events=(*EVENTS, *SIGNING_EVENTS),
    policy_attributes=ATTRIBUTES,
    policies=POLICIES,
    jobs=SIGNING_JOBS,
    settings=ReviewSettings,
    command="plugins.medical_review.cli:review",
    demo="plugins.medical_review.demo:seed",
    connect=connect,
)
