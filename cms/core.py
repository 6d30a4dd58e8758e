"""The host as a plugin: it registers itself by the same object that strangers use."""

from cms.content import attachments
from cms.content.actions import ACTIONS as CONTENT_ACTIONS
from cms.content.cleaning import CAPABILITIES
from cms.content.comment_actions import COMMENT_ACTIONS
from cms.content.comment_events import COMMENT_EVENTS
from cms.content.comment_models import Comment
from cms.content.comments import COMMENT_JOBS
from cms.content.defaults import POST_TYPES, TAXONOMIES
from cms.content.due import JOBS as CONTENT_JOBS
from cms.content.events import EVENTS as CONTENT_EVENTS
from cms.content.hooks import connect as connect_content
from cms.content.models import (
    Autosave,
    ContentType,
    DroppedTerm,
    EditLock,
    Post,
    PostCount,
    PostHead,
    PostSchedule,
    Rendering,
    RenderingUse,
    Revision,
    SearchDocument,
    SiteTaxonomy,
    Term,
    TermRelationship,
)
from cms.content.rerendering import JOBS as RENDER_JOBS
from cms.content.vocabulary import ContentTag
from cms.exchange import originals
from cms.exchange.events import EVENTS as EXCHANGE_EVENTS
from cms.exchange.models import MODELS as EXCHANGE_MODELS
from cms.exchange.vocabulary import ExchangeTag
from cms.fields.actions import ACTIONS as FIELD_ACTIONS
from cms.fields.catalogue import HOST_TYPES
from cms.fields.events import EVENTS as FIELD_EVENTS
from cms.fields.hooks import connect as connect_fields
from cms.fields.indexing import JOBS as FIELD_JOBS
from cms.fields.models import MODELS as FIELD_MODELS
from cms.fields.rights import CAPABILITIES as FIELD_CAPABILITIES
from cms.fields.rights import GRANTS as FIELD_GRANTS
from cms.fields.vocabulary import FieldsTag
from cms.identity.actions import ACTIONS as IDENTITY_ACTIONS
from cms.identity.events import EVENTS as IDENTITY_EVENTS
from cms.identity.invitations import INVITATION_JOBS
from cms.identity.link_actions import LINK_ACTIONS, STRANGERS_USE_LINKS
from cms.identity.link_events import LINK_EVENTS
from cms.identity.link_models import LINK_MODELS
from cms.identity.models import MODELS as IDENTITY_MODELS
from cms.identity.roles import WORDPRESS_ROLES
from cms.identity.sessions import JOBS as SESSION_JOBS
from cms.identity.vocabulary import IdentityTag
from cms.jobs.actions import JOB_ACTIONS
from cms.jobs.events import JOB_EVENTS
from cms.jobs.models import JobFault
from cms.jobs.vocabulary import JobsTag
from cms.kernel.declarations import PolicyAttribute
from cms.kernel.events import Refused
from cms.kernel.hooks import Hooks
from cms.kernel.plugin import Plugin
from cms.kernel.screens import Panel
from cms.kernel.vocabulary import HostTag
from cms.markup.media_shortcodes import SHORTCODES
from cms.media.actions import ACTIONS as MEDIA_ACTIONS
from cms.media.events import EVENTS as MEDIA_EVENTS
from cms.media.models import MediaRecord
from cms.media.vocabulary import MediaTag
from cms.notices.account_letters import JOBS as LETTER_JOBS
from cms.notices.actions import ACTIONS as NOTICE_ACTIONS
from cms.notices.events import EVENTS as NOTICE_EVENTS
from cms.notices.forgetting import JOBS as FORGETTING_JOBS
from cms.notices.letters import JOBS as NOTICE_JOBS
from cms.notices.models import MODELS as NOTICE_MODELS
from cms.notices.sign_ins import NEW_SIGN_IN
from cms.notices.sign_ins import connect as connect_sign_ins
from cms.notices.vocabulary import NoticesTag
from cms.sealing.actions import ACTIONS as SEALING_ACTIONS
from cms.sealing.events import EVENTS as SEALING_EVENTS
from cms.sealing.models import MODELS as SEALING_MODELS
from cms.sealing.vocabulary import SealingTag
from cms.site import renames, webhook_news
from cms.site.actions import ACTIONS as SITE_ACTIONS
from cms.site.events import EVENTS as SITE_EVENTS
from cms.site.growing import connect as connect_menus
from cms.site.models import Menu, MenuItem, MenuLocation, Widget
from cms.site.outward_actions import ACTIONS as OUTWARD_ACTIONS
from cms.site.outward_events import EVENTS as OUTWARD_EVENTS
from cms.site.outward_jobs import JOBS as OUTWARD_JOBS
from cms.site.outward_models import MODELS as OUTWARD_MODELS
from cms.site.outward_settings import OutwardSettings
from cms.site.types import POST_TYPES as SITE_TYPES
from cms.site.types import TAXONOMIES as SITE_TAXONOMIES
from cms.site.vocabulary import SiteTag
from cms.tenancy.actions import ACTIONS as TENANCY_ACTIONS
from cms.tenancy.events import EVENTS as TENANCY_EVENTS
from cms.tenancy.models import IdCounter, Option, TenantHost, TenantRecord
from cms.tenancy.vocabulary import TenancyTag

ATTRIBUTES = (
    PolicyAttribute("post_type", "String", "the type of the post that is acted on"),
    PolicyAttribute("status", "String", "the status of the post before the action"),
    PolicyAttribute("author_id", "Long", "the author of the post"),
    PolicyAttribute("language", "String", "the language of the post"),
)


def connect(hooks: Hooks) -> None:
    connect_content(hooks)
    connect_fields(hooks)
    connect_menus(hooks)
    renames.connect(hooks)
    webhook_news.connect(hooks)
    originals.connect(hooks)
    connect_sign_ins(hooks)


plugin = Plugin(
    slug="core",
    summary="Content, people and sites, with the WordPress REST API.",
    models=(
        TenantRecord,
        TenantHost,
        Option,
        IdCounter,
        *IDENTITY_MODELS,
        Post,
        PostCount,
        Revision,
        Rendering,
        RenderingUse,
        Term,
        TermRelationship,
        PostHead,
        PostSchedule,
        Autosave,
        EditLock,
        DroppedTerm,
        ContentType,
        SiteTaxonomy,
        SearchDocument,
        MediaRecord,
        Comment,
        Menu,
        MenuItem,
        MenuLocation,
        Widget,
        *FIELD_MODELS,
        *SEALING_MODELS,
        *OUTWARD_MODELS,
        *EXCHANGE_MODELS,
        *NOTICE_MODELS,
        *LINK_MODELS,
        JobFault,
    ),
    roles=WORDPRESS_ROLES,
    capabilities={**CAPABILITIES, **FIELD_CAPABILITIES},
    grants=FIELD_GRANTS,
    post_types=(*POST_TYPES, *SITE_TYPES),
    shortcodes=SHORTCODES,
    field_types=HOST_TYPES,
    taxonomies=(*TAXONOMIES, *SITE_TAXONOMIES),
    actions=(
        *TENANCY_ACTIONS,
        *IDENTITY_ACTIONS,
        *CONTENT_ACTIONS,
        *COMMENT_ACTIONS,
        *MEDIA_ACTIONS,
        *FIELD_ACTIONS,
        *SEALING_ACTIONS,
        *SITE_ACTIONS,
        *OUTWARD_ACTIONS,
        *NOTICE_ACTIONS,
        *LINK_ACTIONS,
        *JOB_ACTIONS,
    ),
    vocabulary=(
        HostTag,
        TenancyTag,
        IdentityTag,
        ContentTag,
        MediaTag,
        FieldsTag,
        SealingTag,
        SiteTag,
        ExchangeTag,
        NoticesTag,
        JobsTag,
    ),
    events=(
        Refused,
        *TENANCY_EVENTS,
        *IDENTITY_EVENTS,
        *CONTENT_EVENTS,
        *COMMENT_EVENTS,
        *MEDIA_EVENTS,
        *FIELD_EVENTS,
        *SEALING_EVENTS,
        *SITE_EVENTS,
        *OUTWARD_EVENTS,
        *EXCHANGE_EVENTS,
        *NOTICE_EVENTS,
        *LINK_EVENTS,
        *JOB_EVENTS,
    ),
    settings=OutwardSettings,
    jobs=(
        *CONTENT_JOBS,
        *RENDER_JOBS,
        *COMMENT_JOBS,
        *FIELD_JOBS,
        *OUTWARD_JOBS,
        *NOTICE_JOBS,
        *FORGETTING_JOBS,
        *LETTER_JOBS,
        *INVITATION_JOBS,
        *SESSION_JOBS,
    ),
    notices=(NEW_SIGN_IN,),
    policy_attributes=ATTRIBUTES,
    policies=(STRANGERS_USE_LINKS,),
    panels=(Panel(where="home", draw="cms.admin.tour:first_steps", order=90),),
    revision_parts=(attachments.PART,),
    connect=connect,
)
