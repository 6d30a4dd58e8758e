"""The host as a plugin: it registers itself by the same object that strangers use."""

from cms.content.actions import ACTIONS as CONTENT_ACTIONS
from cms.content.defaults import POST_TYPES, TAXONOMIES
from cms.content.events import EVENTS as CONTENT_EVENTS
from cms.content.models import (
    Post,
    PostSearch,
    Rendering,
    Revision,
    Term,
    TermRelationship,
)
from cms.identity.actions import ACTIONS as IDENTITY_ACTIONS
from cms.identity.events import EVENTS as IDENTITY_EVENTS
from cms.identity.models import ApplicationPassword, RoleRecord, Token, User, UserRole
from cms.identity.roles import WORDPRESS_ROLES
from cms.kernel.declarations import PolicyAttribute
from cms.kernel.events import Refused
from cms.kernel.hooks import Hooks
from cms.kernel.plugin import Plugin
from cms.site import renames, webhook_news
from cms.site.outward_actions import ACTIONS as OUTWARD_ACTIONS
from cms.site.outward_events import EVENTS as OUTWARD_EVENTS
from cms.site.outward_jobs import JOBS as OUTWARD_JOBS
from cms.site.outward_models import MODELS as OUTWARD_MODELS
from cms.site.outward_settings import OutwardSettings
from cms.tenancy.actions import ACTIONS as TENANCY_ACTIONS
from cms.tenancy.events import EVENTS as TENANCY_EVENTS
from cms.tenancy.models import IdCounter, Option, TenantHost, TenantRecord

ATTRIBUTES = (
    PolicyAttribute("post_type", "String", "the type of the post that is acted on"),
    PolicyAttribute("status", "String", "the status of the post before the action"),
    PolicyAttribute("author_id", "Long", "the author of the post"),
    PolicyAttribute("language", "String", "the language of the post"),
)


def _connect(hooks: Hooks) -> None:
    renames.connect(hooks)
    webhook_news.connect(hooks)


plugin = Plugin(
    slug="core",
    summary="Content, people and sites, with the WordPress REST API.",
    models=(
        TenantRecord,
        TenantHost,
        Option,
        IdCounter,
        RoleRecord,
        User,
        UserRole,
        ApplicationPassword,
        Token,
        Post,
        Revision,
        Rendering,
        Term,
        TermRelationship,
        PostSearch,
        *OUTWARD_MODELS,
    ),
    roles=WORDPRESS_ROLES,
    post_types=POST_TYPES,
    taxonomies=TAXONOMIES,
    actions=(*TENANCY_ACTIONS, *IDENTITY_ACTIONS, *CONTENT_ACTIONS, *OUTWARD_ACTIONS),
    events=(Refused, *TENANCY_EVENTS, *IDENTITY_EVENTS, *CONTENT_EVENTS, *OUTWARD_EVENTS),
    policy_attributes=ATTRIBUTES,
    settings=OutwardSettings,
    jobs=OUTWARD_JOBS,
    connect=_connect,
)
