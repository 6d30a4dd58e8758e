"""Every address has a budget of statements; one that declares none fails, as does one too dear."""

from psycopg import AsyncConnection

from cms.app import DESCRIPTION, build_routes
from cms.identity.users import add_user
from plugins.audit_trail.heads.evidence import Evidence
from plugins.audit_trail.log.sequencer import open_sequencer
from plugins.audit_trail.settings import AuditSettings, audit_folder
from plugins.medical_review.signing.keys import sealer
from tests.plugins.medical_review.conftest import COMPLETE, REVIEWS, Newsroom
from tests.rest.aftercare_requests import about_aftercare
from tests.rest.article_requests import about_articles
from tests.rest.audit_requests import about_audit
from tests.rest.budgets import (
    BUDGETS,
    CHANGING,
    EVENT,
    EXPORTS,
    HOOK,
    ITEM,
    ITEMS,
    KIND,
    LOG,
    MEASURED_ELSEWHERE,
    MEDIA,
    MENU,
    MENUS,
    NAMESPACES,
    OF_POSTS,
    ONE_EXPORT,
    OWN,
    PASSWORD,
    PLAIN,
    REFUSED,
    RENDERER,
    SIDEBAR,
    TEXT,
    UNBOUNDED,
    V1,
    V2,
    WIDGET,
    WIDGETS,
)
from tests.rest.check_requests import about_checks
from tests.rest.discussion_requests import about_discussion
from tests.rest.field_requests import about_fields
from tests.rest.notice_requests import about_notices
from tests.rest.reference_requests import about_references
from tests.rest.signing_requests import about_signing
from tests.rest.workflow_requests import about_workflows
from tests.support.pictures import telling_photo
from tests.support.queries import counted

ABOUT = {"subject": "email:ana.inventada@exemplo.example"}
ORDER = {
    "authority": "Tribunal de Justiça",
    "reference": "0001-22.2026",
    "ordered_on": "2026-01-02",
    "ground": "art-15-iv",
}


def addresses(cms):
    """(method, template) of every declared route."""
    for route in build_routes(cms.host).routes:
        for method in sorted(route.methods - {"OPTIONS"}):
            if route.path not in DESCRIPTION:
                yield method, route.path


async def test_every_address_declares_a_budget(cms):
    """Screens have theirs beside them, and one ceiling for all: tests/admin/test_budgets.py."""
    declared = set(BUDGETS) | UNBOUNDED | REFUSED
    assert {*filter(_is_no_screen, addresses(cms))} == {*filter(_is_no_screen, declared)}


def _is_no_screen(address):
    return not address[1].startswith("/admin")


async def seal(cms):
    """Sequence what has happened, so that there are events and a signed head to read."""
    async with await AsyncConnection.connect(
        cms.host.addresses.worker, autocommit=True
    ) as connection:
        evidence = Evidence(audit_folder(cms.host.settings))
        settings = AuditSettings(checkpoint=0)
        site, sign = "clinica.example", cms.host.secret.digest
        await (await open_sequencer(connection, evidence, site, settings, sign)).step()


def about_grouping(terms):
    """Terms, types, taxonomies, statuses and search; `terms` are ids by rest_base."""
    one = "{term_id:int}"
    for base, term in terms.items():
        listed, item = f"{V2}/{base}", f"{V2}/{base}/{term}"
        yield "GET", listed, listed, None
        yield "POST", listed, listed, {"name": "Dor"}
        yield "GET", f"{listed}/{one}", f"{item}?context=edit", None
        for method in ("POST", "PUT", "PATCH"):
            yield method, f"{listed}/{one}", item, {"name": method, "slug": method}
        yield "DELETE", f"{listed}/{one}", f"{item}?force=true", None
    for kind, slug in (("types", "post"), ("taxonomies", "category"), ("statuses", "draft")):
        yield "GET", f"{V2}/{kind}", f"{V2}/{kind}?context=edit", None
        yield "GET", f"{V2}/{kind}/{{name:str}}", f"{V2}/{kind}/{slug}?context=edit", None
    for kind, body in (
        ("content-types", {"name": "recipe", "label": "Receitas"}),
        ("taxonomies", {"name": "diet", "label": "Dietas", "post_types": ["post"]}),
    ):
        listed, one = f"{V1}/{kind}", f"{V1}/{kind}/{{name:str}}"
        item = f"{listed}/{body['name']}"
        yield "POST", listed, listed, body
        yield "GET", listed, listed, None
        yield "GET", one, item, None
        yield "PUT", one, item, {**body, "description": "Outra."}
        yield "DELETE", one, item, None
    yield "GET", f"{V2}/search", f"{V2}/search?search=dor", None
    yield "GET", f"{V1}/search", f"{V1}/search?q=dor", None


async def outward_requests(cms, admin):
    """Around the content: addresses, redirects, previews, webhooks."""
    post = await cms.draft(admin, title="Gripe", status="publish")
    for template, address in (
        ("/robots.txt", "/robots.txt"),
        ("/wp-sitemap.xml", "/wp-sitemap.xml"),
        ("/{path:path}", "/wp-sitemap-posts-post-1.xml"),
        ("/{path:path}", "/feed/"),
        ("/{path:path}", f"/author/author-{admin.id}/feed/atom/"),
        (f"{V1}/resolve", f"{V1}/resolve?path=/gripe/"),
        (f"{V1}/resolve", f"{V1}/resolve?path=/nada/nada/"),
    ):
        yield "GET", template, address, None
    yield "POST", f"{V1}/redirects", f"{V1}/redirects", {"source": "/a", "target": "/b"}
    yield "GET", f"{V1}/redirects", f"{V1}/redirects", None
    csv = "source,target\n/x,/y\n/y,/z\n"
    yield "POST", f"{V1}/redirects/import", f"{V1}/redirects/import", csv
    listed = (await admin.get(f"{V1}/redirects")).json()["redirects"]
    one = f"{V1}/redirects/{listed[0]['id']}"
    yield "GET", OWN, one, None
    yield "PATCH", OWN, one, {"target": "/c"}
    yield "DELETE", OWN, one, None
    yield "POST", f"{V1}/previews", f"{V1}/previews", {"post_id": post["id"]}
    token = (await admin.post(f"{V1}/previews", {"post_id": post["id"]})).json()["token"]
    yield "GET", f"{V1}/preview", f"{V1}/preview?token={token}", None
    yield "DELETE", f"{V1}/previews/{{post_id:int}}", f"{V1}/previews/{post['id']}", None
    hook = {"url": "https://hook.example/", "topics": ["post.*"]}
    yield "POST", f"{V1}/webhooks", f"{V1}/webhooks", hook
    yield "GET", f"{V1}/webhooks", f"{V1}/webhooks", None
    made = (await admin.get(f"{V1}/webhooks")).json()["webhooks"][0]
    own = f"{V1}/webhooks/{made['id']}"
    yield "GET", HOOK, own, None
    yield "PATCH", HOOK, own, {"topics": ["*"]}
    yield "POST", f"{HOOK}/secret", f"{own}/secret", None
    yield "POST", f"{HOOK}/ping", f"{own}/ping", None
    yield "GET", f"{HOOK}/deliveries", f"{own}/deliveries", None
    sent = (await admin.get(f"{own}/deliveries")).json()["deliveries"][0]
    template = f"{HOOK}/deliveries/{{delivery_id:int}}/redeliver"
    yield "POST", template, f"{own}/deliveries/{sent['id']}/redeliver", None
    yield "DELETE", HOOK, own, None


async def requests(cms, newsroom):
    """(method, template, address, body) of every route, each with things that exist; what is
    written is written in an order in which each request may be made."""
    admin = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    author = await newsroom.physician()
    category = (await admin.post(f"{V2}/categories", {"name": "Febre"})).json()["id"]
    tag = (await admin.post(f"{V2}/tags", {"name": "Febre"})).json()["id"]
    article = await newsroom.article(author)
    review = await newsroom.submit(article, author)
    async with cms.as_system() as work:
        await sealer(work)  # the first signature of a site makes its key
    waiting = await newsroom.article(author)
    await seal(cms)
    export = (await admin.post(EXPORTS, {})).json()["id"]
    event = (await admin.get(f"{V1}/audit/events?limit=1")).json()["events"][0]["event_id"]
    verified = (await admin.post(f"{V1}/audit/verifications", {})).json()["id"]
    for base in OF_POSTS:
        texts, medical = f"{V2}/{base}", base in {"medical-articles", "patient-education"}
        body = {**COMPLETE, "responsible_professional": author.id} if medical else TEXT
        made = await cms.draft(admin, base, **body)
        item, revisions = f"{texts}/{made['id']}", f"{texts}/{made['id']}/revisions"
        one = (await admin.get(revisions)).json()[0]["id"]
        template = f"{texts}/{{post_id:int}}"
        yield "GET", texts, f"{texts}?status=any&context=edit", None
        yield "POST", texts, texts, body
        yield "GET", template, f"{item}?context=edit", None
        for method in ("POST", "PUT", "PATCH"):
            yield method, template, item, {"title": f"Dor {method}", "slug": f"dor-{method}"}
        yield "GET", f"{texts}/{{parent:int}}/revisions", revisions, None
        yield (
            "GET",
            f"{texts}/{{parent:int}}/revisions/{{revision_id:int}}",
            f"{revisions}/{one}",
            None,
        )
        yield "POST", f"{template}/autosaves", f"{item}/autosaves", {"title": "Dor, não salva"}
        theirs = await cms.draft(admin, base, **body, author=author.id)
        other = f"{texts}/{theirs['id']}/autosaves"
        autosave = (await admin.post(other, {"title": "Outra"})).json()["id"]
        yield "GET", f"{template}/autosaves", other, None
        one_kept = f"{texts}/{{parent:int}}/autosaves/{{autosave_id:int}}"
        if base not in {"blocks", "navigation"}:
            yield "GET", one_kept, f"{other}/{autosave}", None
        yield "DELETE", template, item, None
    async for request in media_requests(admin):
        yield request
    # Pictures take their time, and /readyz reports events that wait for long.
    await seal(cms)
    async for asked in requests_of_site(cms, admin, category):
        yield asked
    await seal(cms)  # however slow the machine, nothing waits for the log when /readyz is asked
    async for request in outward_requests(cms, admin):
        yield request
    await seal(cms)  # again: what waits for seconds is reported by /readyz
    newcomer = await cms.person("nova.medica", ["medical_professional"])
    decision = {"verdict": "approve", "content_hash": review["content_hash"]}
    question = {"action": "post.read", "resource_type": "post"}
    registration = {"user_id": newcomer.id, "registration": "CRM-SP 9900777", "full_name": "Nova M"}
    standing, one_review = f"{V1}/registry/standing", f"{REVIEWS}/{{review_id:int}}"
    for method, template, address, body in (
        ("GET", "/healthz", "/healthz", None),
        ("GET", "/readyz", "/readyz", None),
        ("GET", "/wp-json", "/wp-json", None),
        *about_grouping({"categories": category, "tags": tag}),
        *(("GET", one, one, None) for one in NAMESPACES),
        ("GET", "/wp-json/openapi.json", "/wp-json/openapi.json", None),
        ("POST", "/wp-json/batch/v1", "/wp-json/batch/v1",
         {"requests": [{"path": "/wp/v2/categories", "body": {"name": "Sono"}}]}),
        ("GET", REVIEWS, REVIEWS, None),
        ("GET", one_review, f"{REVIEWS}/{review['id']}", None),
        ("GET", f"{REVIEWS}/of-post/{{post_id:int}}", f"{REVIEWS}/of-post/{article['id']}", None),
        ("GET", f"{REVIEWS}/blockers/{{post_id:int}}", f"{REVIEWS}/blockers/{article['id']}", None),
        ("GET", f"{REVIEWS}/inherited", f"{REVIEWS}/inherited", None),
        ("POST", REVIEWS, REVIEWS, {"post_id": waiting["id"]}),
        ("POST", f"{one_review}/decision", f"{REVIEWS}/{review['id']}/decision", decision),
        ("GET", f"{V1}/audit/events", f"{V1}/audit/events", None),
        ("GET", EVENT, f"{V1}/audit/events/{event}", None),
        ("GET", f"{EVENT}/proof", f"{V1}/audit/events/{event}/proof", None),
        ("GET", f"{V1}/audit/head", f"{V1}/audit/head", None),
        ("POST", f"{V1}/audit/access-reports", f"{V1}/audit/access-reports", ABOUT),
        ("POST", f"{V1}/audit/erasures", f"{V1}/audit/erasures", ABOUT | ORDER),
        ("GET", f"{V1}/audit/fhir/AuditEvent", f"{V1}/audit/fhir/AuditEvent", None),
        ("GET", f"{V1}/audit/retention", f"{V1}/audit/retention", None),
        ("PUT", f"{V1}/audit/retention/{{class_name:str}}", f"{V1}/audit/retention/general",
         {"months": 120, "reason": "Longer"}),
        ("GET", f"{V1}/audit/holds", f"{V1}/audit/holds", None),
        ("POST", f"{V1}/audit/holds", f"{V1}/audit/holds", {"reason": "Processo"}),
        ("POST", f"{V1}/audit/holds/{{hold_id:int}}/release", f"{V1}/audit/holds/1/release",
         {"reason": "Acordo"}),
        ("GET", f"{V1}/audit/prunings", f"{V1}/audit/prunings", None),
        ("POST", EXPORTS, EXPORTS, {"forms": ["csv"]}),
        ("GET", EXPORTS, EXPORTS, None),
        ("GET", ONE_EXPORT, f"{EXPORTS}/{export}", None),
        ("POST", f"{V1}/audit/verifications", f"{V1}/audit/verifications", {}),
        ("GET", f"{V1}/audit/verifications/{{verification_id:uuid}}",
         f"{V1}/audit/verifications/{verified}", None),
        ("GET", f"{LOG}/checkpoint", f"{LOG}/checkpoint", None),
        ("GET", f"{LOG}/witnessed", f"{LOG}/witnessed", None),
        ("GET", f"{LOG}/consistency", f"{LOG}/consistency?from=1", None),
        ("GET", f"{LOG}/epochs", f"{LOG}/epochs", None),
        ("GET", f"{V1}/audit/consistency", f"{V1}/audit/consistency?old=1", None),
        ("GET", f"{LOG}/tile/{{level:int}}/{{path:path}}", f"{LOG}/tile/0/000.p/1", None),
        ("POST", f"{V1}/registry/registrations", f"{V1}/registry/registrations", registration),
        ("GET", f"{standing}/{{user_id:int}}", f"{standing}/{author.id}", None),
        ("POST", f"{standing}/{{user_id:int}}/verify", f"{standing}/{author.id}/verify", None),
        ("GET", f"{V1}/zero-trust/policies", f"{V1}/zero-trust/policies", None),
        ("POST", f"{V1}/zero-trust/explain", f"{V1}/zero-trust/explain", question),
        ("POST", f"{V1}/posts/{{post_id:int}}/revisions/{{revision_id:int}}/restore",
         await an_old_revision(admin), None),
        ("POST", f"{V1}/auth/token", f"{V1}/auth/token", {"login": "rui", "password": PASSWORD}),
    ):  # fmt: skip
        yield method, template, address, body
    for room in (
        about_articles(newsroom, admin, author),
        about_discussion(newsroom, author, admin),
        about_aftercare(cms, newsroom, admin, author),
        about_audit(cms, admin, category),
        about_signing(cms, admin, newsroom, newsroom.folder),
        about_notices(cms, admin),
        about_references(admin, article["id"]),
        about_checks(cms, admin, author),
        about_workflows(newsroom, admin, author),
    ):
        async for request in room:
            yield request
    # At the end: from now on the site has field groups.
    async for request in about_fields(cms, admin):
        yield request
    yield "POST", f"{V1}/auth/sign-out", f"{V1}/auth/sign-out", None


async def an_old_revision(admin):
    """The address that brings the first text of a post back."""
    post = await admin.clinic.draft(admin, title="Um")
    address = f"{V2}/posts/{post['id']}"
    await admin.post(address, {"title": "Dois"})
    first = (await admin.get(f"{address}/revisions?order=asc")).json()[0]["id"]
    return f"{V1}/posts/{post['id']}/revisions/{first}/restore"


async def media_requests(admin):
    """Those of one picture that tells of people, from its upload to its end."""
    sent = {"files": {"file": ("rim.jpg", telling_photo(400, 300))}}
    made = (await admin.clinic.http.post(MEDIA, headers=admin.bearer, **sent)).json()
    item, template = f"{MEDIA}/{made['id']}", f"{MEDIA}/{{post_id:int}}"
    original = f"{V1}/media/{made['id']}/original"
    source = made["source_url"]
    yield "GET", MEDIA, f"{MEDIA}?context=edit", None
    yield "POST", MEDIA, MEDIA, sent
    yield "GET", template, f"{item}?context=edit", None
    for method in ("POST", "PUT", "PATCH"):
        focal_point = {"x": len(method), "y": 50}
        yield method, template, item, {"title": f"Rim {method}", "focal_point": focal_point}
    yield "POST", f"{template}/edit", f"{item}/edit", {"src": source, "rotation": 90}
    again = {"action": "create-image-subsizes"}
    yield "POST", f"{template}/post-process", f"{item}/post-process", again
    yield "GET", f"{V1}/media/{{post_id:int}}/original", original, None
    yield "GET", "/wp-content/uploads/{path:path}", source, None
    yield "DELETE", template, f"{item}?force=true", None


async def requests_of_site(cms, admin, category):
    """Those of menus, widgets and what else a site is put together from."""
    live = await cms.draft(admin, title="Publicado", status="publish")
    menu = (await admin.post(MENUS, {"name": "Topo", "locations": ["primary"]})).json()["id"]
    post = {"type": "post_type", "object_id": live["id"], "menus": menu}
    term = {"type": "taxonomy", "object_id": category, "menus": menu}
    top = (await admin.post(ITEMS, post)).json()["id"]
    await admin.post(ITEMS, term)
    block = {"id_base": "block", "sidebar": "sidebar-1", "instance": {"raw": {"content": "x"}}}
    widget = (await admin.post(WIDGETS, block)).json()["id"]
    for template, more in PLAIN.items():
        base = template.partition("/{")[0]
        yield "GET", template, f"{base}{'/' if more and more[0] != '?' else ''}{more}", None
    for method, template, address, body in (
        ("GET", MENUS, MENUS, None),
        ("POST", MENUS, MENUS, {"name": "Rodapé", "locations": ["footer"]}),
        ("GET", MENU, f"{MENUS}/{menu}", None),
        ("GET", f"{V2}/menu-locations", f"{V2}/menu-locations", None),
        ("GET", f"{V2}/menu-locations/{{location:str}}", f"{V2}/menu-locations/primary", None),
        ("GET", f"{V1}/menus/{{location:str}}", f"{V1}/menus/primary", None),
        ("GET", ITEMS, ITEMS, None),
        ("POST", ITEMS, ITEMS, {**post, "parent": top}),
        ("GET", ITEM, f"{ITEMS}/{top}", None),
        *((m, MENU, f"{MENUS}/{menu}", {"name": m, "locations": []}) for m in CHANGING),
        *((m, ITEM, f"{ITEMS}/{top}", {"title": m, "menu_order": 7}) for m in CHANGING),
        ("GET", f"{ITEM}/autosaves", f"{ITEMS}/{top}/autosaves", None),
        ("DELETE", ITEM, f"{ITEMS}/{top}?force=true", None),
        ("DELETE", MENU, f"{MENUS}/{menu}?force=true", None),
        ("GET", WIDGETS, WIDGETS, None),
        ("POST", WIDGETS, WIDGETS, block),
        ("GET", WIDGET, f"{WIDGETS}/{widget}", None),
        *((m, WIDGET, f"{WIDGETS}/{widget}", {"sidebar": "sidebar-1"}) for m in CHANGING),
        ("GET", f"{V2}/sidebars", f"{V2}/sidebars", None),
        ("GET", SIDEBAR, f"{V2}/sidebars/sidebar-1", None),
        *((m, SIDEBAR, f"{V2}/sidebars/sidebar-1", {"widgets": [widget]}) for m in CHANGING),
        ("DELETE", WIDGET, f"{WIDGETS}/{widget}", None),
        ("POST", f"{KIND}/{{type_id:str}}/encode", f"{KIND}/block/encode", {}),
        ("POST", f"{KIND}/{{type_id:str}}/render", f"{KIND}/block/render", {}),
        ("POST", RENDERER, f"{V2}/block-renderer/core/archives", {"context": "edit"}),
        *(
            ("GET", template, f"{template}?url={live['link']}", None)
            for template in (
                "/wp-json/oembed/1.0/embed",
                "/wp-json/oembed/1.0/proxy",
                "/wp-json/wp-block-editor/v1/url-details",
            )
        ),
    ):
        yield method, template, address, body


async def test_no_address_costs_more_than_its_budget(cms, tmp_path):
    newsroom = Newsroom(cms, tmp_path / "rosters")
    admin = await cms.person("dona.marina", sorted(cms.host.registry.roles))
    async with cms.as_system() as work:
        await add_user(
            work, "rui", email="rui@x.example", display_name="Rui", roles=[], password=PASSWORD
        )
    asked, too_dear = set(), []
    async for method, template, address, body in requests(cms, newsroom):
        given = {"content": body} if isinstance(body, str) else {"json": body}
        sent = body if isinstance(body, dict) and "files" in body else given
        with counted(cms.host) as statements:
            answer = await cms.http.request(method, address, headers=admin.bearer, **sent)
        assert answer.status_code < 300, (method, address, answer.text)
        asked.add((method, template))
        if len(statements) > BUDGETS[method, template]:
            too_dear.append(f"{method} {template}: {len(statements)}\n{statements}")
    assert not too_dear, "\n".join(too_dear)
    assert asked == set(BUDGETS) - MEASURED_ELSEWHERE
