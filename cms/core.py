"""The host as a plugin: it registers itself by the same object that strangers use."""

from cms.content.events import EVENTS as CONTENT_EVENTS
from cms.content.models import (
    Post,
    PostSearch,
    Rendering,
    Revision,
    Term,
    TermRelationship,
)
from cms.identity.events import EVENTS as IDENTITY_EVENTS
from cms.identity.models import ApplicationPassword, RoleRecord, Token, User, UserRole
from cms.identity.roles import WORDPRESS_ROLES
from cms.kernel.actions import Action
from cms.kernel.declarations import PolicyAttribute, PostType, Taxonomy
from cms.kernel.events import Refused
from cms.kernel.plugin import Plugin
from cms.tenancy.events import EVENTS as TENANCY_EVENTS
from cms.tenancy.models import IdCounter, Option, TenantHost, TenantRecord

ACTIONS = (
    Action("site.read", "site", "rest:site:read", None, True, "Read the index of the site's API"),
    Action("post.list", "post", "content:post:list", None, True, "List posts"),
    Action("post.read", "post", "content:post:read", None, True, "Read one post"),
    Action("post.create", "post", "content:post:create", "edit_posts", False, "Draft a post"),
    Action("post.edit", "post", "content:post:edit", "edit_post", False, "Change a post"),
    Action(
        "post.assign_author",
        "post",
        "content:post:assign_author",
        "edit_others_posts",
        False,
        "Name another person as author",
    ),
    Action("post.submit", "post", "content:post:submit", "edit_post", False, "Submit for review"),
    Action("post.publish", "post", "content:post:publish", "publish_posts", False, "Publish"),
    Action(
        "post.publish_reviewed",
        "post",
        "content:post:publish_reviewed",
        "publish_posts",
        False,
        "Publish a post of a type that must be reviewed first",
    ),
    Action("post.delete", "post", "content:post:delete", "delete_post", False, "Put into the bin"),
    Action("revision.list", "revision", "content:revision:list", "edit_post", False, "History"),
    Action("term.list", "term", "content:term:list", None, True, "List categories"),
    Action("term.read", "term", "content:term:read", None, True, "Read a category"),
    Action(
        "term.create", "term", "content:term:create", "manage_categories", False, "Add a category"
    ),
    Action("type.list", "type", "content:type:list", None, True, "List the types of content"),
    Action("user.read", "user", "identity:user:read", None, True, "Read a public profile"),
    Action("user.read_self", "user", "identity:user:read_self", "read", False, "Read who I am"),
    Action("auth.sign_in", "session", "identity:session:sign_in", None, False, "Sign in"),
    Action("auth.sign_out", "session", "identity:session:sign_out", "read", False, "Sign out"),
)

POST = PostType(
    name="post",
    rest_base="posts",
    label="Posts",
    supports=("title", "editor", "excerpt", "author", "revisions", "sticky"),
    taxonomies=("category",),
)

CATEGORY = Taxonomy(
    name="category",
    rest_base="categories",
    label="Categories",
    post_types=("post",),
    is_hierarchical=True,
)

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
    ),
    roles=WORDPRESS_ROLES,
    post_types=(POST,),
    taxonomies=(CATEGORY,),
    actions=ACTIONS,
    events=(Refused, *TENANCY_EVENTS, *IDENTITY_EVENTS, *CONTENT_EVENTS),
    policy_attributes=ATTRIBUTES,
)
