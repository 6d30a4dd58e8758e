"""Requests about the literature, each with the budget of its statements."""

from tests.plugins.medical_review.conftest import REVIEWS

REFERENCES = f"{REVIEWS}/references"
ONE = f"{REFERENCES}/{{reference_id:int}}"
OF_POST = f"{REFERENCES}/of-post/{{post_id:int}}"
BOOK = {"type": "book", "title": "Livro inventado", "DOI": "10.5555/livro"}

BUDGETS = {
    ("GET", REFERENCES): 3,
    ("POST", REFERENCES): 8,
    ("POST", f"{REFERENCES}/resolve"): 3,
    # As many as its items cost; here one that is new.
    ("POST", f"{REFERENCES}/import"): 8,
    ("GET", f"{REFERENCES}/style"): 3,
    ("PUT", f"{REFERENCES}/style"): 6,
    ("GET", ONE): 3,
    ("PUT", ONE): 7,
    ("GET", f"{ONE}/versions"): 4,
    ("GET", f"{ONE}/uses"): 5,
    ("POST", f"{ONE}/merge"): 9,
    ("PUT", f"{ONE}/notice"): 7,
    ("GET", OF_POST): 7,
}


async def about_references(admin, post_id):
    """(method, template, address, body) of each, by somebody who may do all of it."""
    yield "POST", REFERENCES, REFERENCES, {"csl": BOOK}
    ris = "TY  - BOOK\nTI  - Outro\nDO  - 10.5555/outro\nER  -\n"
    yield "POST", f"{REFERENCES}/import", f"{REFERENCES}/import", {"format": "ris", "text": ris}
    yield "POST", f"{REFERENCES}/resolve", f"{REFERENCES}/resolve", {"doi": "10.5555/livro"}
    yield "GET", REFERENCES, f"{REFERENCES}?q=livro", None
    yield "GET", f"{REFERENCES}/style", f"{REFERENCES}/style", None
    yield "PUT", f"{REFERENCES}/style", f"{REFERENCES}/style", {"style": "abnt"}
    other, book = (await admin.get(REFERENCES)).json()["references"]
    own = f"{REFERENCES}/{book['id']}"
    yield "GET", ONE, own, None
    yield "PUT", ONE, own, {"csl": {**BOOK, "title": "Livro"}, "version": 1}
    yield "GET", f"{ONE}/versions", f"{own}/versions", None
    yield "GET", f"{ONE}/uses", f"{own}/uses", None
    yield "PUT", f"{ONE}/notice", f"{own}/notice", {"notice": "retracted"}
    yield "POST", f"{ONE}/merge", f"{REFERENCES}/{other['id']}/merge", {"into": book["id"]}
    yield "GET", OF_POST, f"{REFERENCES}/of-post/{post_id}", None
