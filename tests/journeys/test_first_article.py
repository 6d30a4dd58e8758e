"""One medical article from draft to audited publication, over real HTTP, with two tenants present.

The steps share one installation and build on each other, as in life; so they are one test.
"""

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.journeys.storytelling import ARTICLES, Story
from tests.plugins.audit_trail.attacker import rewrite_history
from tests.support.installation import installation
from tests.support.patience import wait_until

CONTENT = """<!-- wp:paragraph -->
<p>A enxaqueca é uma dor de cabeça recorrente, às vezes com náusea.</p>
<!-- /wp:paragraph -->"""
DISCLAIMER = "Este texto informa e não substitui a consulta."


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    with installation() as made:
        made.start()
        made.done("tenant", "add", "outra", "--name", "Outra", "--host", "outra.example")
        made.done(
            "user", "add", "estranha", "--email", "estranha@outra.example", "--name", "Estranha",
            "--role", "administrator", "--tenant", "outra", given="long enough a password\n",
        )  # fmt: skip
        made.done(
            "user", "add", "jornalista", "--email", "jornalista@clinica.example",
            "--name", "Jornalista", "--role", "author", "--tenant", "clinica",
            given="long enough a password\n",
        )  # fmt: skip
        # The directory of tenants is remembered for five seconds.
        time.sleep(5.5)
        with httpx.Client(base_url=made.url, timeout=120) as http:
            yield Story(made, http)


def step_1_the_demo_clinic_serves_real_articles_in_portuguese(story):
    articles = story.ask("GET", ARTICLES).json()
    assert articles
    assert all(article["status"] == "publish" for article in articles)
    assert any("ção" in article["content"]["rendered"] for article in articles)
    assert (story.made.data / "demo-credentials.json").stat().st_mode & 0o777 == 0o600
    assert set(story.made.credentials) == {"admin", "author", "reviewer", "legal", "officer"}


def step_2_the_author_drafts_with_an_application_password(story):
    me = story.ask("GET", "/wp-json/wp/v2/users/me", auth=story.basic("author")).json()["id"]
    body = {
        "title": "Enxaqueca: quando procurar ajuda",
        "content": CONTENT,
        "evidence_level": "II",
        "scientific_references": [{"doi": "https://doi.org/10.1000/182"}, {"pmid": "12345678"}],
        "target_audience": "patients",
        "responsible_professional": me,
    }
    answer = story.ask("POST", ARTICLES, json=body, auth=story.basic("author"))
    assert answer.status_code == 201, answer.text
    draft = answer.json()
    story.post_id = draft["id"]
    assert draft["status"] == "draft"
    assert draft["content"]["raw"] == CONTENT
    assert draft["scientific_references"][0]["doi"] == "10.1000/182"
    standing = story.ask("GET", f"/api/v1/registry/standing/{me}", "author").json()
    assert (standing["registration"], standing["may_sign"]) == ("CRM-SP 9900101", True)


def step_2_a_journalist_may_write_and_may_not_answer_for_the_text(story):
    answer = story.http.post(
        "/api/v1/auth/token", json={"login": "jornalista", "password": "long enough a password"}
    )
    token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    me = story.ask("GET", "/wp-json/wp/v2/users/me", headers=token).json()["id"]
    body = {"title": "Saúde", "content": CONTENT, "responsible_professional": me}
    refused = story.ask("POST", ARTICLES, json=body, headers=token)
    assert refused.status_code == 400
    assert "responsible_professional" in refused.json()["data"]["params"]
    body.pop("responsible_professional")
    assert story.ask("POST", ARTICLES, json=body, headers=token).status_code == 201


def step_2_a_wrong_value_names_the_field_the_fault_and_the_form(story):
    body = {"evidence_level": "VI", "scientific_references": [{"doi": "ten.1000"}]}
    answer = story.update("author", json=body)
    assert answer.status_code == 400
    faults = answer.json()["data"]["params"]
    assert "evidence_level" in faults
    assert "I, II, III" in faults["evidence_level"]


def step_3_publishing_at_once_is_refused_with_every_reason(story):
    before = story.ask("GET", f"{ARTICLES}/{story.post_id}?context=edit", "author").json()
    refused = story.update("author", json={"title": "Outro título", "status": "publish"})
    assert (refused.status_code, refused.json()["code"]) == (409, "rest_transition_refused")
    objections = {one["code"]: one for one in refused.json()["data"]["objections"]}
    assert {"review.missing", "article.disclaimer_missing"} <= set(objections)
    assert all(one["message"] and one["remedy"] for one in objections.values())
    after = story.ask("GET", f"{ARTICLES}/{story.post_id}?context=edit", "author").json()
    assert after == before


def step_4_the_reviewer_reads_text_and_diff_and_sends_it_back(story):
    answer = story.update(
        "author",
        json={"medical_disclaimer": DISCLAIMER, "status": "pending"},
        auth=story.basic("author"),
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "pending")
    text = story.open_review()
    assert text["content"]["raw"] == CONTENT
    refused = story.decide("send_back")
    assert refused.status_code == 400
    sent_back = story.decide("send_back", "Diga quando a dor é uma emergência.")
    assert (sent_back.status_code, sent_back.json()["post_status"]) == (200, "draft")


def step_4_she_edits_and_the_diff_shows_it(story):
    content = (
        CONTENT + "\n<!-- wp:paragraph -->\n<p>Dor súbita é emergência.</p>\n<!-- /wp:paragraph -->"
    )
    body = {"content": content, "status": "pending"}
    answer = story.update("author", json=body, auth=story.basic("author"))
    assert answer.status_code == 200, answer.text
    diff = story.open_review()["diff"]
    assert "emergência" in json.dumps(diff, ensure_ascii=False)


def step_4_approval_needs_a_signed_in_token_and_names_the_hash(story):
    stepped = story.decide("approve", auth=story.basic("reviewer"))
    assert stepped.status_code == 401
    assert 'error="insufficient_user_authentication"' in stepped.headers["www-authenticate"]
    assert "signed_in" in stepped.json()["obligations"]
    approved = story.decide("approve", "Correto e completo.")
    assert approved.status_code == 200, approved.text
    story.approved_hash = approved.json()["decision"]["content_hash"]
    revisions = story.ask("GET", f"{ARTICLES}/{story.post_id}/revisions", "author").json()
    assert revisions[0]["content_hash"] == story.approved_hash


def step_4_a_save_that_changes_nothing_keeps_the_approval_and_an_edit_voids_it(story):
    draft = story.ask("GET", f"{ARTICLES}/{story.post_id}?context=edit", "author").json()
    same = story.update("author", json={"content": draft["content"]["raw"]})
    assert same.json()["medical_approval_status"] == "approved"
    edited = story.update("author", json={"title": "Enxaqueca: quando buscar ajuda"})
    assert edited.json()["medical_approval_status"] == "stale"
    refused = story.update("author", json={"status": "publish"})
    codes = [one["code"] for one in refused.json()["data"]["objections"]]
    assert codes == ["review.stale"]
    # The very text that was approved is approved again.
    back = story.update("author", json={"title": draft["title"]["raw"]})
    assert back.json()["medical_approval_status"] == "approved"


def step_4_nobody_approves_her_own_text(story):
    body = {"title": "Do revisor", "content": CONTENT, "medical_disclaimer": DISCLAIMER}
    author = story.ask("GET", "/wp-json/wp/v2/users/me", "author").json()["id"]
    body |= {"responsible_professional": author, "evidence_level": "IV"}
    own = story.ask("POST", ARTICLES, "reviewer", json=body)
    assert own.status_code == 201, own.text
    submitted = story.ask(
        "POST", f"{ARTICLES}/{own.json()['id']}", "reviewer", json={"status": "pending"}
    )
    assert submitted.status_code == 200, submitted.text
    history = story.ask("GET", f"/api/v1/reviews/of-post/{own.json()['id']}", "reviewer").json()
    review = history[0]["review"]
    refused = story.ask(
        "POST",
        f"/api/v1/reviews/{review['id']}/decision",
        "reviewer",
        json={"verdict": "approve", "content_hash": review["content_hash"]},
    )
    assert refused.status_code == 403
    assert "review.self" in refused.text


def step_5_it_is_published_and_read_anonymously(story):
    stepped = story.update("author", json={"status": "publish"}, auth=story.basic("author"))
    assert (stepped.status_code, stepped.json()["code"]) == (401, "rest_step_up_required")
    published = story.update("author", json={"status": "publish"})
    assert (published.status_code, published.json()["status"]) == (200, "publish")
    (read,) = story.ask("GET", f"{ARTICLES}?slug=enxaqueca-quando-procurar-ajuda").json()
    assert "<p>Dor súbita é emergência.</p>" in read["content"]["rendered"]
    assert "CRM-SP 9900101" in json.dumps(read["byline"], ensure_ascii=False)
    assert read["approval"]["content_hash"] == story.approved_hash
    story.live_content = read["content"]["rendered"]


def step_5_readers_keep_the_live_text_while_she_edits(story):
    edited = story.update("author", json={"content": "<p>Rascunho novo.</p>"})
    assert (edited.status_code, edited.json()["content"]["raw"]) == (200, "<p>Rascunho novo.</p>")
    head = edited.json()["cms_revision"]
    assert head["live"] != head["working"]
    read = story.ask("GET", f"{ARTICLES}/{story.post_id}").json()
    assert read["content"]["rendered"] == story.live_content
    hers = story.ask("GET", f"{ARTICLES}/{story.post_id}?context=edit", "author").json()
    assert hers["content"]["raw"] == "<p>Rascunho novo.</p>"


def step_6_a_revoked_registration_stops_submitting_and_publishing(story):
    story.import_roster_with_status("C")
    body = {"title": "Outro artigo", "content": CONTENT, "medical_disclaimer": DISCLAIMER}
    me = story.ask("GET", "/wp-json/wp/v2/users/me", "author").json()["id"]
    draft = story.ask("POST", ARTICLES, "author", json={**body, "responsible_professional": me})
    assert draft.status_code == 201, draft.text
    for status in ("pending", "publish"):
        refused = story.ask(
            "POST", f"{ARTICLES}/{draft.json()['id']}", "author", json={"status": status}
        )
        codes = [one["code"] for one in refused.json()["data"]["objections"]]
        assert (refused.status_code, "registry.revoked" in codes) == (409, True)
    affected = story.ask("GET", "/api/v1/reviews/affected?standing=lost", "officer")
    assert affected.status_code == 200, affected.text
    assert str(story.post_id) in re.findall(r'"post_id":(\d+)', affected.text)


def step_7_the_officer_sees_who_did_what_in_order(story):
    path = f"/api/v1/audit/events?resource_type=post&resource_id={story.post_id}&limit=500"
    events = story.ask("GET", path, "officer").json()["events"]
    said = [event["action"] for event in events]
    assert said[0] == "content:post:create"
    assert said.index("content:revision:save") < said.index("content:post:transition")
    moves = [
        (event["before_state"]["status"], event["after_state"]["status"])
        for event in events
        if event["action"] == "content:post:transition"
    ]
    assert moves[:2] == [("draft", "pending"), ("pending", "draft")]
    assert moves[-1][1] == "publish"
    assert {event["actor_name"] for event in events} >= {"Dra. Ana Fictícia Moreira"}
    refused = story.ask("GET", path, "author")
    assert refused.status_code == 403


def verdict(story: Story) -> tuple[int, dict[str, Any]]:
    result = story.made.cli("audit", "verify", "--json")
    assert result.stdout, result.stderr
    return result.returncode, json.loads(result.stdout)


def settled(story: Story) -> None:
    """Wait until the sequencer has nothing left and the head is signed."""
    wait_until(lambda: verdict(story)[0] == 0, "a green verdict")


def step_8_every_request_was_decided_and_a_policy_can_deny(story):
    with story.owner() as connection, connection.transaction():
        connection.execute("select audit.maintain('a policy by hand')")
        connection.execute(
            """
            insert into zero_trust.policies (tenant_id, id, policy_name, policy_type, applies_to,
              conditions, actions, mode, created_at, updated_at)
            values (1, 1, 'Nobody drafts today', 'user', '{post.create}', '{}',
              '{"effect": "deny"}', 'enforce', now(), now())
            """
        )
    # Other processes see a new policy within about two seconds.
    time.sleep(2.5)
    denied = story.ask("POST", ARTICLES, "author", json={"title": "x", "content": CONTENT})
    assert (denied.status_code, denied.json()["code"]) == (403, "rest_policy_denied")
    assert denied.json()["data"]["reasons"] == ["tenant.1"]
    with story.owner() as connection, connection.transaction():
        connection.execute("select audit.maintain('a policy by hand')")
        connection.execute("delete from zero_trust.policies")

    def without_a_decision() -> list[str]:
        with story.owner() as connection:
            rows = connection.execute("select request_id from zero_trust.evaluations").fetchall()
        logged = {row[0] for row in rows}
        return [one for one in story.request_ids[1:] if one not in logged]

    # Reads by strangers are counted, not logged one by one; the log is written in batches.
    wait_until(lambda: len(without_a_decision()) <= 2, "the decision about every request")


def step_9_verification_is_green_and_finds_an_altered_row(story):
    settled(story)
    code, report = verdict(story)
    assert (code, report["verdict"]) == (0, "green"), report
    with story.owner() as connection:
        event_id = connection.execute(
            "select event_id from audit.events where action = 'content:post:transition' "
            "order by occurred_at, event_id limit 1"
        ).fetchone()[0]
        connection.execute("alter table audit.events disable trigger user")
        connection.execute(
            "update audit.events set actor_id = actor_id + 1 where event_id = %s", [event_id]
        )
    code, report = verdict(story)
    assert (code, report["verdict"]) == (1, "red")
    assert str(event_id) in json.dumps(report)


def step_9_a_history_rewritten_without_a_seam_is_still_found(story):
    # The worker rests meanwhile: what matters is what a verifier finds later.
    story.made.stop()
    rewrite_history(
        story.made.addresses().owner, "update audit.events set actor_id = 9 where actor_id = 2"
    )
    code, report = verdict(story)
    assert (code, report["verdict"]) == (1, "red")
    assert "head" in json.dumps(report) or "checkpoint" in json.dumps(report)


STEPS = (
    step_1_the_demo_clinic_serves_real_articles_in_portuguese,
    step_2_the_author_drafts_with_an_application_password,
    step_2_a_journalist_may_write_and_may_not_answer_for_the_text,
    step_2_a_wrong_value_names_the_field_the_fault_and_the_form,
    step_3_publishing_at_once_is_refused_with_every_reason,
    step_4_the_reviewer_reads_text_and_diff_and_sends_it_back,
    step_4_she_edits_and_the_diff_shows_it,
    step_4_approval_needs_a_signed_in_token_and_names_the_hash,
    step_4_a_save_that_changes_nothing_keeps_the_approval_and_an_edit_voids_it,
    step_4_nobody_approves_her_own_text,
    step_5_it_is_published_and_read_anonymously,
    step_5_readers_keep_the_live_text_while_she_edits,
    step_6_a_revoked_registration_stops_submitting_and_publishing,
    step_7_the_officer_sees_who_did_what_in_order,
    step_8_every_request_was_decided_and_a_policy_can_deny,
    step_9_verification_is_green_and_finds_an_altered_row,
    step_9_a_history_rewritten_without_a_seam_is_still_found,
)


def test_the_first_article(story):
    for step in STEPS:
        step(story)
