"""What a key press costs in a long text: work is counted, not time. The browser lays out what it
shows; what is ours looks at the block that is typed in, however many stand around it."""

from typing import Any

from tests.editor.test_suggestions import suggestion
from tests.editor.texts import document, paragraph

FEW, MANY = 10, 180
WORDS = " ".join(["dose", "usual", "ajustada", "conforme", "resposta", "clínica", "renal"] * 8)
"""Of one paragraph: 180 of them are ten thousand words."""

# Counts what is looked at and written: nodes that are walked over, text that is read, HTML that is
# parsed, markup that is made. What begins after a pause is kept back, and run by itself.
_COUNT = """() => {
    const { doc } = document.querySelector('cms-editor').view.state
    const made = window.counted = { nodes: 0, text: 0, compared: 0, parsed: 0, said: 0 }
    const wrapped = (owner, name, wrap) => (owner[name] = wrap(owner[name]))
    const [node, fragment] = [doc, doc.content].map((one) => Object.getPrototypeOf(one))
    const counting = (act) => (...given) => ((made.nodes += 1), act(...given))
    wrapped(fragment, 'forEach', (old) => function (act) { return old.call(this, counting(act)) })
    wrapped(fragment, 'nodesBetween', (old) => function (from, to, act, ...more) {
        return old.call(this, from, to, counting(act), ...more)
    })
    wrapped(node, 'textBetween', (old) => function (...given) {
        const text = old.apply(this, given)
        made.text += text.length
        return text
    })
    wrapped(node, 'eq', (old) => function (other) {
        made.compared += this === other ? 0 : 1
        return old.call(this, other)
    })
    wrapped(JSON, 'stringify', (old) => (...given) => {
        const text = old(...given)
        made.said += text?.length ?? 0
        return text
    })
    const html = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML')
    Object.defineProperty(Element.prototype, 'innerHTML', { ...html, set(text) {
        made.parsed += String(text).length
        html.set.call(this, text)
    } })
    window.late = []
    const soon = window.setTimeout
    window.setTimeout = (act, wait, ...more) =>
        wait >= 400 ? window.late.push(act) : soon(act, wait, ...more)
}"""
_FRESH = "() => Object.keys(window.counted).forEach((name) => (window.counted[name] = 0))"
_PAUSE = "() => window.late.splice(0).at(-1)()"
_FRAMES = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))"""


def text_of(paragraphs: int) -> str:
    return document(*(paragraph(f"{number} {WORDS}") for number in range(100, 100 + paragraphs)))


async def writing(write: Any, paragraphs: int) -> Any:
    """Somebody in the middle of a text with comments and suggestions, one of them lost."""
    at = await write(text_of(paragraphs))
    await at.call("showComments", [suggestion("105 dose", number="1"), suggestion("nunca dito")])
    shown = [suggestion("104 dose", "x", number="3"), suggestion("nem isto", "y", number="4")]
    await at.call("showSuggestions", shown)
    await at.at("p:nth-of-type(6)")
    # The first keys make what the others find made.
    await at.type("ab")
    await at.page.evaluate(_FRAMES)
    await at.page.evaluate(_COUNT)
    return at


async def work_of(at: Any, key: str) -> dict[str, int]:
    await at.page.evaluate(_FRESH)
    await at.type(key)
    await at.page.evaluate(_FRAMES)
    found: dict[str, int] = await at.page.evaluate("window.counted")
    return found


async def test_a_key_looks_at_its_own_block_only(write):
    few = await writing(write, FEW)
    expected = await work_of(few, "c")
    many = await writing(write, MANY)
    assert await work_of(many, "c") == expected
    # That of a paragraph of 60 words and what can be done in it, not that of the text.
    assert expected["nodes"] < 60
    assert expected["text"] < 2 * len(WORDS)
    assert expected["parsed"] == 0
    assert expected["compared"] < 10


async def test_a_pause_writes_what_was_changed_since_the_last_one(write):
    spent = []
    for paragraphs in (FEW, MANY):
        at = await writing(write, paragraphs)
        for number in (6, 3):
            await at.at(f"p:nth-of-type({number})")
            await at.type("c")
            await at.page.evaluate(_FRESH)
            await at.page.evaluate(_PAUSE)
        spent.append(await at.page.evaluate("window.counted"))
    few, many = spent
    # Every block is asked for its text, which is there already but for one.
    assert many.pop("nodes") - few.pop("nodes") <= 4 * (MANY - FEW)
    assert many == few
    assert few["parsed"] < 1.5 * len(paragraph(WORDS))
