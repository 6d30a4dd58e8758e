"""A comment is found again after any edit, or says that its place is gone: never lost, never on
other words."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.markup import blocks
from plugins.medical_review.discussion.anchors import Found, find, quote_at
from plugins.medical_review.discussion.passages import in_one_line, of_html, of_plain
from plugins.medical_review.discussion.replacing import (
    CannotReplace,
    Replacement,
    replaced,
)
from tests.plugins.medical_review.talking import answer, block, listed, say, text, today
from tests.support.costs import assert_in_proportion

PAIN = "A dor de cabeça costuma passar com <strong>repouso</strong> e água."
DOSE = "Tome dois mg de paracetamol ao dia, por três dias."
HELP = "Procure ajuda se ela vier de repente, ou se a febre não passar."
WHOLE = text(PAIN, DOSE, HELP)
QUOTE = "dois mg de paracetamol"


@pytest.fixture
async def discussed(newsroom):
    """The physician, the post, and a comment on a passage of it."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=WHOLE)
    await say(bruno, post, quote=QUOTE, body="Não são 500?")
    return ana, post


@pytest.mark.parametrize(
    ("edited", "found", "words"),
    [
        (text(PAIN, DOSE, HELP, "Um fim."), "exact", QUOTE),
        (text("Um começo.", PAIN, DOSE, HELP), "exact", QUOTE),
        (text(DOSE, HELP, PAIN), "exact", QUOTE),
        (text(PAIN, "Aos adultos: dois mg de paracetamol."), "moved", QUOTE),
        (WHOLE.replace("dois mg", "<em>dois</em> mg"), "exact", QUOTE),
        (WHOLE.replace("dois", "três"), "changed", "três mg de paracetamol"),
        (text("Só três mg de paracetamol, se preciso."), "changed", "mg de paracetamol"),
        (text(PAIN, HELP), "orphaned", ""),
        (text("Nada."), "orphaned", ""),
    ],
)
async def test_a_comment_survives_edits(newsroom, discussed, edited, found, words):
    ana, post = discussed
    await newsroom.edit(post, ana, content=edited)
    now = await today(ana, post)
    assert (now["found"], now["text"]) == (found, words)


async def test_an_orphan_keeps_its_words_and_comes_back_with_them(newsroom, discussed):
    ana, post = discussed
    await newsroom.edit(post, ana, content=text("Nada."))
    [thread] = await listed(ana, post)
    assert (thread["today"]["found"], thread["place"]["quote"]) == ("orphaned", QUOTE)
    await newsroom.edit(post, ana, content=WHOLE)
    assert (await today(ana, post))["found"] == "exact"
    [then] = await listed(ana, post, revision=thread["revision_id"])
    assert then["today"]["found"] == "exact"


async def test_a_block_is_found_where_it_went(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    image = (
        '<!-- wp:image -->\n<figure><img src="/a.png" alt="Um rim"/></figure>\n<!-- /wp:image -->'
    )
    post = await newsroom.article(ana, content=f"{block(PAIN)}\n\n{image}")
    thread = await say(bruno, post, block=[1], body="De quem é a foto?")
    assert (thread["place"]["block_name"], thread["today"]["block"]) == ("core/image", [1])
    await newsroom.edit(post, ana, content=f"{image}\n\n{block(PAIN)}")
    moved = await today(ana, post)
    assert (moved["found"], moved["block"]) == ("moved", [0])
    await newsroom.edit(post, ana, content=image.replace("Um rim", "Dois rins"))
    assert (await today(ana, post))["found"] == "changed"
    await newsroom.edit(post, ana, content=block(PAIN))
    assert (await today(ana, post))["found"] == "orphaned"


async def test_a_field_says_whether_it_changed(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana)
    await say(bruno, post, field="medical.evidence_level", body="Nível I, mesmo?")
    await newsroom.edit(post, ana, evidence_level="II")
    now = await today(ana, post)
    assert (now["found"], now["text"]) == ("changed", "II")


async def test_of_the_same_words_at_two_places_the_right_one_is_kept(newsroom):
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    post = await newsroom.article(ana, content=text("Um: 2 mg ao dia.", "Dois: 2 mg à noite."))
    second = await say(bruno, post, quote="2 mg", suffix="à noite", body="?")
    third = await say(bruno, post, quote="2 mg", start=0, body="?")
    assert second["today"]["start"] > third["today"]["start"]
    await newsroom.edit(post, ana, content=text("Zero: 3 mg.", "Dois: 2 mg à noite."))
    found = {one["id"]: one["today"] for one in await listed(ana, post)}
    assert found[second["id"]]["found"] == "exact"
    assert found[third["id"]]["found"] in {"changed", "orphaned"}


async def test_through_many_edits_each_comment_is_listed_once(newsroom):
    """Whatever happens to a text, no comment is lost, and one that says that its words are there
    shows these words."""
    ana, bruno = await newsroom.physician(), await newsroom.reviewer()
    rng = random.Random(11)
    parts = [PAIN, DOSE, HELP, "Beba água.", "Durma bem e cedo."]
    post = await newsroom.article(ana, content=text(*parts))
    quotes = ["cabeça", QUOTE, "de repente", "Beba água.", "bem e cedo"]
    ids = [(await say(bruno, post, quote=quote, body="?"))["id"] for quote in quotes]
    for _ in range(12):
        rng.shuffle(parts)
        parts[rng.randrange(len(parts))] += rng.choice([" Sempre.", " Nunca.", ""])
        kept = [part.replace("dor", rng.choice(["dor", "enxaqueca"])) for part in parts]
        await newsroom.edit(post, ana, content=text(*kept[: rng.randint(1, 5)]))
        threads = await listed(ana, post)
        assert [one["id"] for one in threads] == ids
        for one in threads:
            if one["today"]["found"] in {"exact", "moved"}:
                assert one["today"]["text"] == one["place"]["quote"]


WORDS = st.sampled_from(
    ["dor", "febre", "dois mg", "água", "<em>sono</em>", "A &amp; B", "[x]", "."]
)
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=5)


@st.composite
def quoted(draw):
    """A text, a passage of it, and what the text has become."""
    before, after = draw(TEXTS), draw(TEXTS)
    mixed = draw(st.lists(st.sampled_from([*before, *after]), max_size=6))
    passages = of_html(text(*before))
    start = draw(st.integers(0, len(passages.text) - 1))
    end = draw(st.integers(start + 1, len(passages.text)))
    return passages, start, end, text(*mixed)


@given(quoted())
def test_what_is_exact_quotes_exactly_its_words(drawn):
    passages, start, end, edited = drawn
    quote, now = quote_at(passages, start, end), of_html(edited)
    found = find(quote, now)
    if found.found in {Found.EXACT, Found.MOVED}:
        assert now.quote(found.start, found.end) == quote.exact
    assert (found.start < found.end) == (found.found is not Found.ORPHANED)
    unchanged = find(quote, passages)
    assert unchanged.found is Found.EXACT
    assert passages.quote(unchanged.start, unchanged.end) == quote.exact


@given(quoted(), st.lists(WORDS, max_size=4).map(" ".join))
def test_a_replacement_changes_words_and_never_blocks(drawn, words):
    passages, start, end, _ = drawn
    try:
        result = replaced(passages, [Replacement(start, end, words)], is_markup=True)
    except CannotReplace:
        return
    expected = in_one_line(passages.flat[:start] + " ".join(words.split()) + passages.flat[end:])
    assert "".join(of_html(result).flat.split()) == "".join(expected.split())
    before, after = (
        [one.name for one in blocks.delimiters(each)] for each in (passages.source, result)
    )
    assert before == after
    assert not blocks.parse(result)[-1:] or isinstance(blocks.parse(result)[0], blocks.Block)


@given(st.text())
def test_every_character_knows_its_place(source):
    for read in (of_html, of_plain):
        passages = read(source)
        places = list(zip(passages.starts, passages.ends, strict=True))
        assert len(places) == len(passages.text)
        assert all(one[0] <= one[1] <= len(source) for one in places)
        assert places == sorted(places)


def test_lost_comments_are_looked_for_in_proportion_to_the_text():
    assert_in_proportion(looking, 400)


def looking(paragraphs: int) -> Callable[[], None]:
    """For twenty comments, in another text of so many paragraphs."""
    rng = random.Random(5)
    passages, other = (of_html(text(*(many(rng) for _ in range(paragraphs)))) for _ in range(2))
    starts = [rng.randrange(len(passages.text) - 200) for _ in range(20)]
    quotes = [quote_at(passages, start, start + 120) for start in starts]

    def look() -> None:
        assert all(find(quote, other).found for quote in quotes)

    return look


def many(rng: random.Random) -> str:
    return " ".join(f"palavra{rng.randrange(2000)}" for _ in range(100))


async def test_the_answer_to_a_comment_needs_its_text(newsroom, discussed):
    ana, post = discussed
    [thread] = await listed(ana, post)
    empty = await ana.post(f"/api/v1/reviews/threads/{thread['id']}/comments", {"body": " "})
    assert "body" in answer(empty, 400)["faults"]
