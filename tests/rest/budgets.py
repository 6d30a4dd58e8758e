"""How many statements each address may cost; `test_endpoint_budgets` holds them to it."""

from tests.admin.officer_budgets import BUDGETS as OFFICERS
from tests.admin.officer_budgets import UNBOUNDED as OF_OFFICERS
from tests.fields.test_field_budgets import BUDGETS as FIELDS
from tests.pages.test_page_budgets import BUDGETS as PAGES
from tests.plugins.medical_review.conftest import REVIEWS
from tests.plugins.medical_review.screens.budgets import BUDGETS as REVIEWING
from tests.plugins.medical_review.screens.budgets import FORMS as OF_REVIEWERS
from tests.rest.aftercare_requests import BUDGETS as AFTERCARE
from tests.rest.audit_requests import BUDGETS as AUDIT
from tests.rest.check_requests import BUDGETS as CHECKS
from tests.rest.discussion_requests import BUDGETS as DISCUSSION
from tests.rest.notice_requests import BUDGETS as NOTICES
from tests.rest.reference_requests import BUDGETS as REFERENCES
from tests.rest.signing_requests import BUDGETS as SIGNING
from tests.rest.test_administrator_budgets import BUDGETS as ADMINISTERING
from tests.rest.test_administrator_budgets import FAILED_BEFORE
from tests.rest.test_people_budgets import BUDGETS as PEOPLE
from tests.rest.test_registry_budgets import BUDGETS as REGISTRY
from tests.rest.test_session_budgets import BUDGETS as SESSIONS
from tests.rest.workflow_requests import BUDGETS as WORKFLOWS
from tests.rest.workflow_requests import BY_MAIL

OF_POSTS = ("posts", "pages", "medical-articles", "patient-education", "blocks", "navigation")
NAMESPACES = tuple(
    f"/wp-json/{one}" for one in ("wp/v2", "oembed/1.0", "wp-block-editor/v1", "wp-site-health/v1")
)
V2, V1 = "/wp-json/wp/v2", "/api/v1"
EVENT, LOG = f"{V1}/audit/events/{{event_id:uuid}}", "/.well-known/audit"
EXPORTS = f"{V1}/audit/exports"
ONE_EXPORT = f"{EXPORTS}/{{export_id:uuid}}"
PASSWORD = "uma senha bem longa"
TEXT = {"title": "Dor", "content": "<p>Texto.</p>"}

# Statements of one request by a person who is signed in, without BEGIN and COMMIT. A text that is
# reviewed costs more than a post: its review, its byline, what the registry knows. One statement
# of each request reads what policies may ask of the person: her registration.
BUDGETS = {
    ("GET", "/healthz"): 0,
    ("GET", "/readyz"): 3,
    ("GET", "/wp-json"): 2,
    ("GET", V2): 2,
    ("GET", "/wp-json/openapi.json"): 2,
    # As many as its parts cost; here one category.
    ("POST", "/wp-json/batch/v1"): 7,
    ("GET", REVIEWS): 3,
    ("POST", REVIEWS): 32,
    ("GET", f"{REVIEWS}/{{review_id:int}}"): 6,
    ("POST", f"{REVIEWS}/{{review_id:int}}/decision"): 35,
    ("GET", f"{REVIEWS}/of-post/{{post_id:int}}"): 6,
    ("GET", f"{REVIEWS}/blockers/{{post_id:int}}"): 17,
    ("GET", f"{REVIEWS}/affected"): 4,
    ("GET", f"{REVIEWS}/specialties"): 2,
    ("GET", f"{REVIEWS}/of-post/{{post_id:int}}/heads"): 7,
    ("POST", f"{REVIEWS}/of-post/{{post_id:int}}/hot-fix"): 15,
    ("DELETE", f"{REVIEWS}/of-post/{{post_id:int}}/hot-fix"): 16,
    ("GET", f"{REVIEWS}/of-post/{{post_id:int}}/rebase"): 7,
    ("POST", f"{REVIEWS}/of-post/{{post_id:int}}/rebase"): 30,
    ("GET", f"{REVIEWS}/inherited"): 3,
    **AFTERCARE,
    ("GET", f"{REVIEWS}/targets/{{post_id:int}}"): 6,
    ("POST", f"{REVIEWS}/publish-set"): 42,
    ("GET", f"{V1}/audit/events"): 7,
    **AUDIT,
    **SIGNING,
    **DISCUSSION,
    ("POST", f"{V1}/audit/erasures"): 12,
    ("POST", f"{V1}/audit/access-reports"): 7,
    ("GET", EVENT): 7,
    ("GET", f"{EVENT}/proof"): 8,
    ("GET", f"{LOG}/checkpoint"): 3,
    ("GET", f"{LOG}/witnessed"): 4,
    ("GET", f"{LOG}/consistency"): 4,
    ("GET", f"{LOG}/epochs"): 3,
    ("GET", f"{LOG}/tile/{{level:int}}/{{path:path}}"): 4,
    ("GET", f"{V1}/audit/head"): 3,
    ("GET", f"{V1}/audit/consistency"): 4,
    ("POST", EXPORTS): 7,
    ("GET", EXPORTS): 3,
    ("GET", ONE_EXPORT): 3,
    ("GET", f"{V1}/audit/fhir/AuditEvent"): 5,
    ("GET", f"{V1}/audit/retention"): 3,
    ("PUT", f"{V1}/audit/retention/{{class_name:str}}"): 6,
    ("GET", f"{V1}/audit/holds"): 3,
    ("POST", f"{V1}/audit/holds"): 6,
    ("POST", f"{V1}/audit/holds/{{hold_id:int}}/release"): 6,
    ("GET", f"{V1}/audit/prunings"): 3,
    ("POST", f"{V1}/audit/verifications"): 5,
    ("GET", f"{V1}/audit/verifications/{{verification_id:uuid}}"): 3,
    # Five of them tell the person and the officers what she is now.
    ("POST", f"{V1}/registry/registrations"): 20,
    ("GET", f"{V1}/registry/standing/{{user_id:int}}"): 3,
    ("POST", f"{V1}/registry/standing/{{user_id:int}}/verify"): 12,
    **NOTICES,
    **REFERENCES,
    **CHECKS,
    **WORKFLOWS,
    ("GET", f"{V1}/zero-trust/policies"): 2,
    ("POST", f"{V1}/zero-trust/explain"): 2,
    ("POST", f"{V1}/auth/token"): 11,
    ("POST", f"{V1}/auth/sign-out"): 4,
    ("POST", f"{V1}/posts/{{post_id:int}}/revisions/{{revision_id:int}}/restore"): 12,
}
# Terms, types, taxonomies, statuses, search.
ONE_TERM = "{term_id:int}"
for base in ("categories", "tags"):
    BUDGETS |= {("GET", f"{V2}/{base}"): 3, ("GET", f"{V2}/{base}/{ONE_TERM}"): 3}
    BUDGETS |= {("POST", f"{V2}/{base}"): 7, ("DELETE", f"{V2}/{base}/{ONE_TERM}"): 15}
    BUDGETS |= dict.fromkeys(
        [(method, f"{V2}/{base}/{ONE_TERM}") for method in ("POST", "PUT", "PATCH")], 11
    )
for kind in ("types", "taxonomies", "statuses"):
    BUDGETS |= {("GET", f"{V2}/{kind}"): 2, ("GET", f"{V2}/{kind}/{{name:str}}"): 2}
for kind in ("content-types", "taxonomies"):
    BUDGETS |= {("GET", f"{V1}/{kind}"): 3, ("POST", f"{V1}/{kind}"): 9}
    BUDGETS |= {("GET", f"{V1}/{kind}/{{name:str}}"): 3, ("PUT", f"{V1}/{kind}/{{name:str}}"): 9}
    BUDGETS |= {("DELETE", f"{V1}/{kind}/{{name:str}}"): 9}
BUDGETS |= {("GET", f"{V2}/search"): 4, ("GET", f"{V1}/search"): 5}

# Values of custom fields. A change holds the values, and is answered with what is stored now.
for base, read, changed in (("posts", 4, 19), ("terms", 4, 8), ("users", 4, 8), ("comments", 4, 8)):
    one_subject = f"{V1}/{base}/{{subject_id:int}}/fields"
    BUDGETS |= {("GET", one_subject): read}
    BUDGETS |= {(method, one_subject): changed for method in ("PUT", "PATCH")}
BUDGETS |= {("GET", f"{V1}/options-pages"): 2, ("GET", f"{V1}/options-pages/{{slug:str}}"): 3}
BUDGETS |= {(method, f"{V1}/options-pages/{{slug:str}}"): 7 for method in ("PUT", "PATCH")}

# Pages for people; those that are drawn in a theme are held to theirs in tests/pages.
BUDGETS |= PAGES
BUDGETS |= OFFICERS

# What the site shows around its content, and whom it tells of it.
OWN, HOOK = f"{V1}/redirects/{{redirect_id:int}}", f"{V1}/webhooks/{{webhook_id:int}}"
BUDGETS |= {
    ("GET", "/robots.txt"): 2,
    ("GET", "/wp-sitemap.xml"): 5,
    ("GET", "/{path:path}"): 7,
    ("GET", f"{V1}/resolve"): 6,
    ("GET", f"{V1}/redirects"): 3,
    ("POST", f"{V1}/redirects"): 7,
    ("POST", f"{V1}/redirects/import"): 5,
    ("GET", OWN): 5,
    ("PATCH", OWN): 9,
    ("DELETE", OWN): 5,
    ("POST", f"{V1}/previews"): 6,
    ("DELETE", f"{V1}/previews/{{post_id:int}}"): 5,
    ("GET", f"{V1}/preview"): 7,
    ("GET", f"{V1}/webhooks"): 3,
    ("POST", f"{V1}/webhooks"): 7,
    ("GET", HOOK): 3,
    ("PATCH", HOOK): 6,
    ("POST", f"{HOOK}/secret"): 6,
    ("POST", f"{HOOK}/ping"): 5,
    ("GET", f"{HOOK}/deliveries"): 4,
    ("POST", f"{HOOK}/deliveries/{{delivery_id:int}}/redeliver"): 7,
    ("DELETE", HOOK): 8,
}
for base, read, made, changed, binned in (
    ("posts", 3, 10, 16, 13),
    ("pages", 3, 10, 16, 13),
    ("medical-articles", 8, 17, 24, 19),
    ("patient-education", 8, 17, 24, 19),
    ("blocks", 3, 10, 16, 13),
    ("navigation", 3, 10, 16, 13),
):
    item, revisions = f"{V2}/{base}/{{post_id:int}}", f"{V2}/{base}/{{parent:int}}/revisions"
    BUDGETS |= dict.fromkeys((("GET", f"{V2}/{base}"), ("GET", item)), read)
    BUDGETS |= dict.fromkeys([(method, item) for method in ("POST", "PUT", "PATCH")], changed)
    BUDGETS |= {("POST", f"{V2}/{base}"): made, ("DELETE", item): binned}
    kept, one_kept = (
        f"{item}/autosaves",
        f"{V2}/{base}/{{parent:int}}/autosaves/{{autosave_id:int}}",
    )
    # An autosave keeps texts only: where the type has fields, the revision is read for them.
    autosaved = 5 if base in {"medical-articles", "patient-education"} else 4
    BUDGETS |= {("GET", kept): autosaved, ("POST", kept): changed}
    if base not in {"blocks", "navigation"}:
        BUDGETS[("GET", one_kept)] = autosaved
    BUDGETS |= {("GET", revisions): 4, ("GET", f"{revisions}/{{revision_id:int}}"): 4}

MEDIA = f"{V2}/media"
BUDGETS |= {
    ("GET", MEDIA): 4,
    ("POST", MEDIA): 18,
    ("GET", f"{MEDIA}/{{post_id:int}}"): 4,
    **{(method, f"{MEDIA}/{{post_id:int}}"): 18 for method in ("POST", "PUT", "PATCH")},
    ("DELETE", f"{MEDIA}/{{post_id:int}}"): 12,
    ("POST", f"{MEDIA}/{{post_id:int}}/edit"): 20,
    ("POST", f"{MEDIA}/{{post_id:int}}/post-process"): 12,
    ("GET", f"{V1}/media/{{post_id:int}}/original"): 4,
    ("GET", "/wp-content/uploads/{path:path}"): 3,
}
BUDGETS |= PEOPLE | FIELDS | REGISTRY | SESSIONS
BUDGETS |= PEOPLE | FIELDS | REGISTRY | SESSIONS | ADMINISTERING | REVIEWING
MEASURED_ELSEWHERE = set(PEOPLE | FIELDS | REGISTRY | SESSIONS | ADMINISTERING | PAGES | OFFICERS)
MEASURED_ELSEWHERE |= set(REVIEWING)
BUDGETS |= {("GET", one): 2 for one in NAMESPACES}


# The parts of a site: reading costs who asks and one statement for each kind of thing.
MENUS, ITEMS, WIDGETS = f"{V2}/menus", f"{V2}/menu-items", f"{V2}/widgets"
MENU, ITEM = f"{MENUS}/{{menu_id:int}}", f"{ITEMS}/{{item_id:int}}"
WIDGET, SIDEBAR = f"{WIDGETS}/{{widget_id:str}}", f"{V2}/sidebars/{{sidebar:str}}"
KIND, RENDERER = f"{V2}/widget-types", f"{V2}/block-renderer/{{namespace:str}}/{{name:str}}"
HEALTH = "/wp-json/wp-site-health/v1"
TESTS = (
    "authorization-header", "background-updates", "dotorg-communication", "https-status",
    "loopback-requests", "page-cache",
)  # fmt: skip
CHANGING = ("POST", "PUT", "PATCH")
BUDGETS |= {
    ("GET", MENUS): 4,
    ("POST", MENUS): 8,
    ("GET", MENU): 4,
    ("DELETE", MENU): 9,
    ("GET", f"{V2}/menu-locations"): 3,
    ("GET", f"{V2}/menu-locations/{{location:str}}"): 3,
    ("GET", f"{V1}/menus/{{location:str}}"): 5,
    ("GET", ITEMS): 5,
    ("POST", ITEMS): 8,
    ("GET", ITEM): 4,
    ("DELETE", ITEM): 8,
    ("GET", f"{ITEM}/autosaves"): 3,
    ("GET", WIDGETS): 3,
    ("POST", WIDGETS): 7,
    ("GET", WIDGET): 3,
    ("DELETE", WIDGET): 7,
    ("GET", f"{V2}/sidebars"): 3,
    ("GET", SIDEBAR): 3,
    ("POST", f"{KIND}/{{type_id:str}}/encode"): 2,
    ("POST", f"{KIND}/{{type_id:str}}/render"): 2,
    ("POST", RENDERER): 2,
    ("GET", "/wp-json/oembed/1.0/embed"): 4,
    ("GET", "/wp-json/oembed/1.0/proxy"): 4,
    ("GET", "/wp-json/wp-block-editor/v1/url-details"): 3,
}
BUDGETS |= {(method, MENU): 10 for method in CHANGING}
BUDGETS |= {(method, ITEM): 7 for method in CHANGING}
BUDGETS |= {(method, WIDGET): 5 for method in CHANGING}
BUDGETS |= {(method, SIDEBAR): 7 for method in CHANGING}
PLAIN = {
    f"{V2}/widget-types": "",
    f"{KIND}/{{type_id:str}}": "block",
    f"{V2}/themes": "",
    f"{V2}/themes/{{stylesheet:path}}": "default",
    f"{V2}/plugins": "",
    f"{V2}/plugins/{{plugin:path}}": "audit_trail/audit_trail",
    f"{V2}/block-types": "",
    f"{V2}/block-types/{{namespace:str}}": "core",
    f"{V2}/block-types/{{namespace:str}}/{{name:str}}": "core/list",
    RENDERER: "core/archives?context=edit",
    f"{V2}/templates": "",
    f"{V2}/template-parts": "",
    f"{V2}/global-styles/themes/{{stylesheet:path}}": "default",
    f"{V2}/block-patterns/patterns": "",
    f"{V2}/block-patterns/categories": "",
    f"{V2}/pattern-directory/patterns": "",
    f"{V2}/block-directory/search": "?term=a",
    f"{HEALTH}/directory-sizes": "",
    **{f"{HEALTH}/tests/{name}": "" for name in TESTS},
}
BUDGETS |= {("GET", template): 2 for template in PLAIN}

# These always refuse, after the person is known: there is nothing to find and nothing to change.
REFUSED = {
    ("GET", f"{ITEM}/autosaves/{{autosave_id:int}}"),
    ("POST", f"{ITEM}/autosaves"),
    ("POST", f"{V2}/plugins"),
    ("GET", "/wp-json/wp-block-editor/v1/export"),
    ("GET", f"{V2}/global-styles/{{styles:path}}"),
    *((method, f"{V2}/global-styles/{{styles:path}}") for method in CHANGING),
    *((method, f"{V2}/plugins/{{plugin:path}}") for method in (*CHANGING, "DELETE")),
}
for base in ("templates", "template-parts"):
    REFUSED |= {("GET", f"{V2}/{base}/lookup"), ("POST", f"{V2}/{base}")}
    REFUSED |= {(m, f"{V2}/{base}/{{template:path}}") for m in ("GET", *CHANGING, "DELETE")}

# What costs as much as something else that is bounded.
UNBOUNDED = (
    BY_MAIL
    | OF_OFFICERS
    | OF_REVIEWERS
    | FAILED_BEFORE
    | {
        # A range that is to go has to be years old; it costs what releasing a hold does.
        ("POST", f"{V1}/audit/prunings/{{pruning_id:int}}/approve"),
        # Its file has to be made by a worker first; it costs one statement more than its state.
        ("GET", f"{ONE_EXPORT}/file"),
        # Nobody is their author, so an autosave is a save.
        *(
            ("GET", f"{V2}/{base}/{{parent:int}}/autosaves/{{autosave_id:int}}")
            for base in ("blocks", "navigation")
        ),
        # Always refused.
        *(
            ("DELETE", f"{V2}/{base}/{{parent:int}}/revisions/{{revision_id:int}}")
            for base in OF_POSTS
        ),
    }
)
