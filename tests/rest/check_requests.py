"""Requests about content checks, each with the budget of its statements."""

from tests.plugins.medical_review.conftest import REVIEWS

CHECKS = f"{REVIEWS}/checks"
ONE = f"{CHECKS}/{{post_id:int}}"
SAID = {"pt": "Previsão de resultado", "en": "Forecast of results"}
RULE = {
    "code": "cfp.forecast",
    "kind": "forbidden",
    "severity": "warning",
    "title": SAID,
    "explanation": SAID,
    "remedy": SAID,
    "phrases": ["terapia infalivel"],
}
SET = {
    "id": "cfp-etica",
    "version": 1,
    "norm": "Norma inventada",
    "layer": "council",
    "council": "CRP",
    "valid_from": "2020-01-01",
    "rules": [RULE],
}

# Of a signature: its own statement for the key, the counters, the row.
BUDGETS = {
    ("POST", CHECKS): 4,
    ("GET", ONE): 8,
    ("GET", f"{ONE}/overrides"): 4,
    ("POST", f"{ONE}/overrides"): 20,
    ("POST", f"{CHECKS}/scans"): 3,
    ("GET", f"{CHECKS}/findings"): 3,
    ("GET", f"{CHECKS}/rule-sets"): 3,
    ("POST", f"{CHECKS}/rule-sets"): 7,
    ("GET", f"{CHECKS}/rule-sets/{{set_id:str}}"): 3,
    ("GET", f"{CHECKS}/severities"): 3,
    ("POST", f"{CHECKS}/severities"): 8,
    ("GET", f"{CHECKS}/medicines"): 3,
    ("POST", f"{CHECKS}/medicines"): 8,
}


async def about_checks(cms, admin, author):
    """(method, template, address, body) of each, by somebody who may do all of it; the text with a
    finding is another person's."""
    draft = {"content": "<p>A cura é garantida.</p>", "responsible_professional": author.id}
    post = await cms.draft(author, "medical-articles", title="Dor", **draft)
    own = f"{CHECKS}/{post['id']}"
    yield "POST", CHECKS, CHECKS, {"content": "<p>Texto.</p>"}
    yield "POST", f"{CHECKS}/rule-sets", f"{CHECKS}/rule-sets", SET
    yield "GET", f"{CHECKS}/rule-sets", f"{CHECKS}/rule-sets", None
    one_set = f"{CHECKS}/rule-sets/{{set_id:str}}"
    yield "GET", one_set, f"{CHECKS}/rule-sets/cfp-etica", None
    choice = {"rule": "house.acronym", "severity": "warning", "reason": "Lei 15.263/2025"}
    yield "POST", f"{CHECKS}/severities", f"{CHECKS}/severities", choice
    yield "GET", f"{CHECKS}/severities", f"{CHECKS}/severities", None
    medicines = {"source": "Lista", "csv": "nome;tarja\nDorzinil;vermelha\n"}
    yield "POST", f"{CHECKS}/medicines", f"{CHECKS}/medicines", medicines
    yield "GET", f"{CHECKS}/medicines", f"{CHECKS}/medicines", None
    yield "GET", ONE, own, None
    digest = (await author.get(own)).json()["content_hash"]
    override = {
        "rule": "cfm2336.promise",
        "content_hash": digest,
        "justification": "O trecho cita um anúncio que critica.",
    }
    yield "POST", f"{ONE}/overrides", f"{own}/overrides", override
    yield "GET", f"{ONE}/overrides", f"{own}/overrides", None
    yield "POST", f"{CHECKS}/scans", f"{CHECKS}/scans", {"post_ids": [post["id"]]}
    yield "GET", f"{CHECKS}/findings", f"{CHECKS}/findings", None
