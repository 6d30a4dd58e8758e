"""What discussions and comparisons cost: each address once, with things that exist."""

from tests.plugins.medical_review.conftest import REVIEWS

THREADS, ONE = f"{REVIEWS}/threads", f"{REVIEWS}/threads/{{thread_id:int}}"
OF_POST = f"{THREADS}/of-post/{{post_id:int}}"
COMMENT = f"{REVIEWS}/comments/{{comment_id:int}}"
DIFF = f"{REVIEWS}/diff/{{post_id:int}}"

# Whoever speaks reads the thread back; whom it concerns is told of it. An accepted suggestion costs
# what saving a reviewed text does, and its own steps.
BUDGETS = {
    ("GET", DIFF): 6,
    ("GET", f"{DIFF}/page"): 6,
    ("GET", OF_POST): 7,
    ("POST", OF_POST): 22,
    ("POST", f"{OF_POST}/accept"): 30,
    ("GET", ONE): 8,
    ("POST", f"{ONE}/comments"): 18,
    ("PATCH", COMMENT): 17,
    ("DELETE", COMMENT): 14,
    ("GET", f"{COMMENT}/versions"): 5,
    ("POST", f"{ONE}/resolve"): 15,
    ("POST", f"{ONE}/reopen"): 16,
    ("POST", f"{ONE}/accept"): 30,
    ("POST", f"{ONE}/reject"): 15,
}


async def about_discussion(newsroom, author, admin):
    """Somebody who may do everything, about the text of another person."""
    post = await newsroom.article(author, content="<p>Uma dor, duas dores, três dores.</p>")
    await newsroom.edit(post, author, title="Outra dor")
    of_post, diff = f"{THREADS}/of-post/{post['id']}", f"{REVIEWS}/diff/{post['id']}"
    for suffix in ("", "/page"):
        yield "GET", f"{DIFF}{suffix}", f"{diff}{suffix}", None
    said = {"body": f"Certo, @{author.login}?", "place": {"quote": "Uma dor"}}
    yield "POST", OF_POST, of_post, said
    yield "GET", OF_POST, of_post, None
    made = (await author.post(of_post, {"body": "Sim.", "place": {"field": "title"}})).json()
    thread = f"{THREADS}/{made['id']}"
    yield "GET", ONE, thread, None
    yield "POST", f"{ONE}/comments", f"{thread}/comments", {"body": "Não."}
    comment = (await admin.get(thread)).json()["comments"][-1]["id"]
    own = f"{REVIEWS}/comments/{comment}"
    yield "PATCH", COMMENT, own, {"body": f"Talvez, @{author.login}."}
    yield "GET", f"{COMMENT}/versions", f"{own}/versions", None
    yield "DELETE", COMMENT, own, None
    yield "POST", f"{ONE}/resolve", f"{thread}/resolve", {"reason": "Basta."}
    yield "POST", f"{ONE}/reopen", f"{thread}/reopen", {}
    ids = []
    for quote in ("Uma", "duas", "três"):
        asked = {"replacement": f"{quote} ou mais", "place": {"quote": quote}}
        ids.append((await author.post(of_post, asked)).json()["id"])
    accepted, rejected = (f"{THREADS}/{one}" for one in ids[:2])
    yield "POST", f"{ONE}/accept", f"{accepted}/accept", {}
    yield "POST", f"{ONE}/reject", f"{rejected}/reject", {"reason": "Não."}
    yield "POST", f"{OF_POST}/accept", f"{of_post}/accept", {"threads": ids[2:]}
