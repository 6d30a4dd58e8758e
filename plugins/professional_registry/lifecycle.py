"""What this plugin adds for the life of a registration after it was added: actions, jobs, hooks."""

from cms.content.events import PostErased
from cms.identity.profiles import UserBodies
from cms.kernel.actions import Action
from cms.kernel.actors import ActorFacts
from cms.kernel.declarations import Job
from cms.kernel.hooks import Hooks
from cms.site.chrome import Imprint
from plugins.professional_registry import cases, notices
from plugins.professional_registry.actor_facts import know_professional, show_profiles
from plugins.professional_registry.case_events import (
    CaseClosed,
    CaseContested,
    CaseOpened,
    CaseReviewed,
)
from plugins.professional_registry.clinic import name_director
from plugins.professional_registry.events import RegistrationStatusChanged
from plugins.professional_registry.permissions import MANAGE
from plugins.professional_registry.schedule import RUNS, VERIFY, spread, verify_one
from plugins.professional_registry.vocabulary import RegistryTag

CASE_ACTIONS = (
    Action(
        "registration.lookup",
        "registration",
        RegistryTag.REGISTRATION_LOOKUP,
        MANAGE,
        False,
        "Ask a register about a number, without storing the answer",
    ),
    Action(
        "registration.recheck",
        "registration",
        RegistryTag.REGISTRATION_RECHECK,
        "read",
        False,
        "Have a registration of one's own asked about again",
    ),
    Action(
        "registration.announce",
        "registration",
        RegistryTag.REGISTRATION_ANNOUNCE,
        None,
        False,
        "Tell, by a signed webhook, that a register has changed",
    ),
    Action("case.list", "case", RegistryTag.CASE_LIST, "read", True, "List cases, or one's own"),
    Action("case.read", "case", RegistryTag.CASE_READ, "read", True, "Read a case"),
    Action(
        "case.contest",
        "case",
        RegistryTag.CASE_CONTEST,
        "read",
        False,
        "Contest an automatic suspension of one's own",
    ),
    Action("case.review", "case", RegistryTag.CASE_REVIEW, MANAGE, False, "Review a suspension"),
    Action("case.act", "case", RegistryTag.CASE_ACT, MANAGE, False, "Act on a text of a case"),
    Action("case.close", "case", RegistryTag.CASE_CLOSE, MANAGE, False, "Close a case"),
)

CASE_JOBS = (Job("professional_registry.spread", spread, cron=RUNS), Job(VERIFY, verify_one))


def connect(hooks: Hooks) -> None:
    hooks.observe(RegistrationStatusChanged, cases.follow_standing)
    hooks.observe(RegistrationStatusChanged, notices.tell_of_change)
    hooks.observe(CaseOpened, notices.tell_of_opening)
    hooks.observe(CaseContested, notices.tell_of_contest)
    hooks.observe(CaseReviewed, notices.tell_of_review)
    hooks.observe(CaseClosed, notices.tell_of_end)
    hooks.guard(PostErased, cases.texts_stay)
    hooks.filter(ActorFacts, know_professional)
    hooks.filter(UserBodies, show_profiles)
    hooks.filter(Imprint, name_director)
