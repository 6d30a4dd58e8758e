"""Laws of references: whatever somebody types, what readers get is sound."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms.markup.clean import clean_content
from plugins.medical_review.references import bibliography
from plugins.medical_review.references.bibliography import shown
from plugins.medical_review.references.citations import marks, order_of, runs
from plugins.medical_review.references.csl import TYPES, key_of, read_csl
from plugins.medical_review.references.entries import key_of_entry, read_reference
from plugins.medical_review.references.identifiers import CANONICAL
from plugins.medical_review.references.listing import Among, with_references
from plugins.medical_review.references.models import CitationStyle

words = st.text(max_size=40) | st.sampled_from(
    [
        "<i>in vivo</i>",
        "A & B",
        "<script>x</script>",
        "“Dor”",
        "10 < 12",
        "&lt;b&gt;",
        "e.g.",
        "'",
        "",
    ]
)
people = st.lists(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("family", "given", "literal", "suffix"), words)
    ),
    max_size=9,
)
dates = st.fixed_dictionaries(
    {"date-parts": st.lists(st.lists(st.integers(-20, 3000) | st.none(), max_size=4), max_size=2)}
)
items = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES), "title": st.text(min_size=1, max_size=40) | words},
    optional={
        "author": people,
        "editor": people,
        "issued": dates,
        "accessed": dates,
        "container-title": words,
        "container-title-short": words,
        "publisher": words,
        "publisher-place": words,
        "volume": words | st.integers(),
        "issue": words,
        "page": words | st.sampled_from(["1-9", "100-109", "e12", "S1–S4", "100-9"]),
        "edition": words | st.sampled_from(["2", "3. ed."]),
        "DOI": st.sampled_from(["10.5555/a", "10.1002/(sici)1<2::aid>3.0.co;2-2", "10.5555/é&"]),
        "PMID": st.sampled_from(["1", "33330124"]),
        "URL": st.sampled_from(["https://a.example/?b=1&c=2", "http://a.example/'\""]),
        "language": words,
        "note": words,
    },
)


@pytest.mark.parametrize("style", CitationStyle)
@given(item=items, locale=st.sampled_from(["pt-BR", "en-US"]))
@settings(max_examples=120, deadline=None)
def test_every_item_that_is_kept_can_be_shown(style: CitationStyle, item, locale: str) -> None:
    faults: dict[str, str] = {}
    kept = read_csl("csl", item, faults)
    if faults:
        return
    assert read_csl("csl", kept, faults) == kept, "keeping it again changes nothing"
    assert faults == {}
    listed, _ = bibliography._by_citeproc(kept, style, locale)
    assert listed
    html = shown(kept, style, locale).listed
    assert clean_content(html) == html, "nothing in it that an author may not store"


@given(value=st.text(max_size=60) | st.from_regex(r"10\.[0-9]{4}/[^\s]{1,20}", fullmatch=True))
def test_a_canonical_name_is_its_own_canonical_form(value: str) -> None:
    for canonical in CANONICAL.values():
        once = canonical(value)
        assert once is None or canonical(once) == once


@given(
    value=st.dictionaries(
        st.sampled_from(["doi", "pmid", "title", "isbn", "csl", "version", "is_retracted", "x"]),
        words | st.integers() | st.booleans() | st.none() | items,
        max_size=5,
    )
)
@settings(deadline=None)
def test_a_reference_that_is_kept_is_kept_unchanged_the_next_time(value) -> None:
    faults: dict[str, str] = {}
    kept = read_reference("r", value, faults)
    if not faults:
        assert read_reference("r", kept, faults) == kept
        assert faults == {}
        assert key_of_entry(kept)


NAMES = [f"doi:10.5555/{n}" for n in range(6)]


@given(cited=st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4), max_size=6))
def test_numbers_are_those_of_the_list_and_begin_with_the_first_mention(cited) -> None:
    text = "".join(
        f'<p>a<sup data-cms-ref="{escape(" ".join(some))}">x</sup></p>' for some in cited
    )
    assert clean_content(text) == text
    entries = [{"doi": name.removeprefix("doi:")} for name in NAMES]
    order = order_of(marks(text), entries)
    flat = list(dict.fromkeys(name for some in cited for name in some))
    assert [order.numbers[name] for name in flat] == list(range(1, len(flat) + 1))
    assert sorted(order.numbers.values()) == list(range(1, len(entries) + 1))
    assert order.cited == len(flat)
    html = with_references(text, entries, Among(7, "pt-BR"))
    assert html.count("<li ") == (len(entries) if cited else 0)


@given(numbers=st.lists(st.integers(1, 20), max_size=12))
def test_runs_say_every_number_once_and_no_other(numbers) -> None:
    said = [n for first, last in runs(numbers) for n in range(first, last + 1)]
    assert said == sorted(set(numbers))


def test_two_texts_with_the_same_key_are_the_same_publication() -> None:
    one = {"type": "book", "title": "Clínica da <i>Dor</i>", "issued": {"date-parts": [[2020]]}}
    assert key_of(one) == key_of({**one, "title": "CLINICA  da dor!"})
    assert key_of(one) != key_of({**one, "issued": {"date-parts": [[2021]]}})
