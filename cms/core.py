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
from cms.exchange.events import EVENTS as EXCHANGE_EVENTS
from cms.exchange.models import MODELS as EXCHANGE_MODELS
from cms.identity.actions import ACTIONS as IDENTITY_ACTIONS
from cms.identity.events import EVENTS as IDENTITY_EVENTS
from cms.identity.models import ApplicationPassword, RoleRecord, Token, User, UserRole
from cms.identity.roles import WORDPRESS_ROLES
from cms.kernel.declarations import PolicyAttribute
from cms.kernel.events import Refused
from cms.kernel.plugin import Plugin
from cms.tenancy.actions import ACTIONS as TENANCY_ACTIONS
from cms.tenancy.events import EVENTS as TENANCY_EVENTS
from cms.tenancy.models import IdCounter, Option, TenantHost, TenantRecord

ATTRIBUTES = (
    PolicyAttribute("post_type", "String", "the type of the post that is acted on"),
    PolicyAttribute("status", "String", "the status of the post before the action"),
    PolicyAttribute("author_id", "Long", "the author of the post"),
    PolicyAttribute("language", "String", "the language of the post"),
)

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
        *EXCHANGE_MODELS,
    ),
    roles=WORDPRESS_ROLES,
    post_types=POST_TYPES,
    taxonomies=TAXONOMIES,
    actions=(*TENANCY_ACTIONS, *IDENTITY_ACTIONS, *CONTENT_ACTIONS),
    events=(Refused, *TENANCY_EVENTS, *IDENTITY_EVENTS, *CONTENT_EVENTS, *EXCHANGE_EVENTS),
    policy_attributes=ATTRIBUTES,
)
