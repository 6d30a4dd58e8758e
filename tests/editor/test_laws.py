"""What the editor keeps: nothing falls between blocks, what nobody touched stays byte for byte,
what was edited loses nothing, and what the editor wrote it can open again."""

from tests.editor.corpus import cases

SEEDS = 2
STEPS = 25


async def test_every_text_is_kept_around_an_edit(laws):
    found = {case["name"]: await laws.evaluate("s => laws.faults(s)", case["source"])
             for case in cases()}  # fmt: skip
    assert {name: faults for name, faults in found.items() if faults} == {}


async def test_what_can_be_edited_stays_so(laws):
    """A block that becomes locked, or one that is opened without a reason, is seen here."""
    found = await laws.evaluate("all => all.map(laws.kinds)", [c["source"] for c in cases()])
    assert found == [case["kinds"] for case in cases()]


async def test_malformed_texts_are_kept_as_well(laws):
    check = """([from, to]) => {
        for (let seed = from; seed < to; seed++) {
            const text = laws.anyText(seed)
            const faults = laws.faults(text)
            if (faults.length) return { seed, text, faults }
        }
        return null
    }"""
    assert await laws.evaluate(check, [0, 700]) is None


async def test_any_editing_can_be_undone_and_opened_again(laws):
    check = """([source, seeds, steps]) => {
        for (let seed = 0; seed < seeds; seed++) {
            const fault = laws.edited(source, seed, steps)
            if (fault) return `seed ${seed}: ${fault}`
        }
        return null
    }"""
    found = {case["name"]: await laws.evaluate(check, [case["source"], SEEDS, STEPS])
             for case in cases()}  # fmt: skip
    assert {name: fault for name, fault in found.items() if fault} == {}
