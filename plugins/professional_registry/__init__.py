"""Nobody signs as a physician who is not one today."""

from cms.fields.rights import READ_PROFESSIONAL
from cms.kernel.actions import Action
from cms.kernel.declarations import HealthCheck, Job, Role
from cms.kernel.plugin import Plugin
from plugins.professional_registry.actor_facts import POLICY_ATTRIBUTES, PROFESSIONAL_VALIDATION
from plugins.professional_registry.case_events import CASE_EVENTS
from plugins.professional_registry.case_models import CASE_MODELS
from plugins.professional_registry.events import EVENTS
from plugins.professional_registry.health import rosters_are_fresh
from plugins.professional_registry.lifecycle import (
    CASE_ACTIONS,
    CASE_JOBS,
    connect,
)
from plugins.professional_registry.manual_actions import MANUAL_ACTIONS
from plugins.professional_registry.menu import MENU, PANELS, PLACES
from plugins.professional_registry.messages import NOTICES
from plugins.professional_registry.models import MODELS
from plugins.professional_registry.policies import POLICIES
from plugins.professional_registry.registrations import MANAGE, refresh_due
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.vocabulary import RegistryTag

VIEW = "view_registrations"

MEDICAL_PROFESSIONAL = Role(
    name="medical_professional",
    label="Medical professional",
    capabilities=frozenset(
        {
            "read",
            "edit_posts",
            "publish_posts",
            "delete_posts",
            "edit_published_posts",
            "upload_files",
            READ_PROFESSIONAL,
        }
    ),
    medical_scope={
        "content_types": ["medical_article", "patient_education"],
        "review_required": True,
    },
    compliance_level="professional",
)

ACTIONS = (
    Action(
        "registration.list",
        "registration",
        RegistryTag.REGISTRATION_LIST,
        VIEW,
        True,
        "List registrations and their standing",
    ),
    Action(
        "registration.read",
        "registration",
        RegistryTag.REGISTRATION_READ,
        VIEW,
        True,
        "Read a registration with its history",
    ),
    Action(
        "registration.create",
        "registration",
        RegistryTag.REGISTRATION_CREATE,
        MANAGE,
        False,
        "Note that a person holds a registration",
    ),
    Action(
        "registration.verify",
        "registration",
        RegistryTag.REGISTRATION_VERIFY,
        MANAGE,
        False,
        "Ask the council's register what a registration is worth today",
    ),
    Action(
        "roster.import",
        "roster",
        RegistryTag.ROSTER_IMPORT,
        MANAGE,
        False,
        "Replace a council's roster and verify everybody against it",
    ),
    *MANUAL_ACTIONS,
)

plugin = Plugin(
    slug="professional_registry",
    summary="Professional registrations, verified against the councils' registers",
    api_prefix="registry",
    command="plugins.professional_registry.cli:registry",
    models=(*MODELS, *CASE_MODELS),
    migrations="plugins.professional_registry.migrations",
    routes="plugins.professional_registry.api:routes",
    screens="plugins.professional_registry.screens:SCREENS",
    menu=MENU,
    panels=PANELS,
    places=PLACES,
    demo="plugins.professional_registry.demo:seed",
    roles=(MEDICAL_PROFESSIONAL,),
    capabilities={
        MANAGE: "Add registrations, verify them, import rosters",
        VIEW: "See registrations and their standing",
    },
    grants={"administrator": frozenset({MANAGE, VIEW})},
    vocabulary=(RegistryTag,),
    actions=(*ACTIONS, *CASE_ACTIONS),
    events=(*EVENTS, *CASE_EVENTS),
    jobs=(Job("professional_registry.refresh", refresh_due, cron="17 5 * * *"), *CASE_JOBS),
    notices=NOTICES,
    settings=RegistrySettings,
    health=(HealthCheck("registry", rosters_are_fresh, readyz=False),),
    policy_attributes=POLICY_ATTRIBUTES,
    obligations=(PROFESSIONAL_VALIDATION,),
    policies=POLICIES,
    connect=connect,
)
