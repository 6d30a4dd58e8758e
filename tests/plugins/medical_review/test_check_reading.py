"""The parts of the checks by themselves: words, phrases, denials, documents, syllables, forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.medical_review.checks import forms
from plugins.medical_review.checks.bundled import bundled_sets, families
from plugins.medical_review.checks.denial import Denials
from plugins.medical_review.checks.documents import is_cns, is_cpf, is_phone, is_pis
from plugins.medical_review.checks.engine import CHECKS, About, Reading, run
from plugins.medical_review.checks.phrases import BadPhrase, matches, read_phrase
from plugins.medical_review.checks.readability import flesch, syllables_en, syllables_pt
from plugins.medical_review.checks.rules import faults_of
from plugins.medical_review.checks.text import fold, prepare
from tests.plugins.medical_review.labelled_sets import FILL, completed, rules


def text_of(content):
    return prepare({"content": content}, {})


def found(content, phrase):
    text = text_of(content)
    denials = Denials(text)
    return [
        text.plain[text.starts[m.first] : text.ends[m.after - 1]]
        for m in matches(text, read_phrase(phrase))
        if not denials.covers(m)
    ]


def test_a_place_leads_back_to_its_block():
    content = (
        "<!-- wp:paragraph -->\n<p>Um.</p>\n<!-- /wp:paragraph -->\n\n"
        "<!-- wp:list --><ul><li>Dois</li><li>A <b>cura</b> &amp; o resto</li></ul>"
        "<!-- /wp:list -->"
    )
    text = prepare({"title": "Título", "content": content}, {"seo_title": "Cura"})
    places = [
        text.place(text.starts[m.first], text.ends[m.after - 1])
        for m in matches(text, read_phrase("cura"))
    ]
    assert [(p.part, p.block, p.quote) for p in places] == [
        ("seo_title", None, "Cura"),
        ("content", 1, "cura"),
    ]


@given(st.text())
def test_folding_keeps_every_offset(text):
    assert len(fold(text)) == len(text)


@given(st.text(alphabet="<>/!-pabi &;\"'wp:= \n.ç"))
def test_no_markup_breaks_the_reader(content):
    text = text_of(content)
    assert len(text.words) == len(text.starts) == len(text.sentence_of)
    assert all(first < after for first, after in text.sentences)


@given(st.text())
def test_no_text_breaks_the_rules(content):
    reading = Reading(prepare({"content": content}, {"seo_title": content}), About())
    for finding in run(reading, RULES):
        for start, end in finding.spans:
            assert 0 <= start <= end <= len(reading.text.plain)


RULES = rules()


def test_an_abbreviation_ends_no_sentence():
    text = text_of("<p>A Dra. Ana mediu 3,5 mg. Depois, o Sr. Rui saiu.</p>")
    assert len(text.sentences) == 2


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Garantimos a cura.", ["Garantimos a cura"]),
        ("GARANTIMOS A CURA!", ["GARANTIMOS A CURA"]),
        ("Não garantimos a cura.", []),
        ("Garantimos, sem promessas, a cura.", ["Garantimos, sem promessas, a cura"]),
        ("Não espere: garantimos a cura.", ["garantimos a cura"]),
        ("Não só garantimos a cura.", ["garantimos a cura"]),
        ("Desconfie de quem garante a cura.", []),
        ("Garante a cura? Não.", ["Garante a cura"]),
        ("Será que o chá garante a cura?", []),
        ("Garantir a cura é proibido.", []),
        ("Garante que nunca vê a cura.", []),
        ("Garante. A cura vem.", []),
        ("Ninguém garante, mas nós garantimos a cura.", ["garantimos a cura"]),
    ],
)
def test_what_denies_a_claim_makes_none(content, expected):
    """Elsewhere "does not guarantee results" is a promise."""
    assert found(f"<p>{content}</p>", "garant* <3> cura") == expected


@pytest.mark.parametrize(
    "phrase", ["", "<2> cura", "# cura", "cura <2>", "cura? x", "(a+)+", "a|", "*", "cura <9> x"]
)
def test_what_is_no_phrase_is_refused_with_a_reason(phrase):
    with pytest.raises(BadPhrase, match=r"must|is no|too large"):
        read_phrase(phrase)


def test_tokens_of_phrases():
    assert found("Leve 3 caixas.", "leve # caixas|caixa") == ["Leve 3 caixas"]
    assert found("Cura certa. Cura.", "cura certa?") == ["Cura certa", "Cura"]
    assert found("Ele disse: compre. Não compre!", "^ compre") == ["compre"]
    assert found("Por R$ 10 e 5 % de desconto", "R$ #") == ["R$ 10"]


def test_check_digits():
    for kind, is_it in (("cpf", is_cpf), ("cns", is_cns), ("pis", is_pis)):
        number = FILL[kind]
        assert is_it(number)
        last = number[-1]
        assert not is_it(number[:-1] + str((int(last) + 1) % 10))
    assert not is_cpf("111.111.111-11")
    assert is_cns(completed("1000000000000", is_cns))
    assert not is_cns("3" + "0" * 14)
    assert is_phone("(11) 90000-0000")
    assert not is_phone("(10) 90000-0000")


# Counted by hand; hyphens as a dictionary sets them.
PORTUGUESE = [
    "sa-ú-de",
    "á-gua",
    "co-ra-ção",
    "mé-di-co",
    "pa-ci-en-te",
    "pa-ís",
    "pai",
    "ra-iz",
    "ru-im",
    "ju-iz",
    "qui-lo",
    "guer-ra",
    "tran-qui-lo",
    "en-xa-que-ca",
    "he-mor-ra-gi-a",
    "ra-i-nha",
    "i-dei-a",
    "jo-e-lho",
    "não",
    "mães",
    "põe",
    "ca-iu",
    "dor",
    "lei-te",
    "gran-de",
    "ci-rur-gi-a",
    "di-ar-rei-a",
    "do-en-ça",
    "his-tó-ria",
    "re-mé-dio",
    "hér-nia",
    "quan-do",
    "i-guais",
    "sé-rie",
    "ca-ir",
    "mo-i-nho",
    "a-vi-ão",
    "far-má-cia",
    "am-bu-lân-cia",
    "in-fec-ção",
    "pneu-mo-ni-a",
    "náu-sea",
    "ba-ú",
    "sa-í-da",
    "cui-da-do",
    "mui-to",
    "ru-í-do",
    "po-ei-ra",
    "psi-có-lo-ga",
    "quem",
    "a-or-ta",
    "co-or-de-nar",
    "ál-co-ol",
    "ó-leo",
    "lín-guas",
    "á-rea",
    "me-di-ci-na",
    "cri-an-ça",
]
ENGLISH = {
    "health": 1, "patient": 2, "medicine": 3, "disease": 2, "water": 2, "table": 2, "people": 2,
    "migraine": 2, "emergency": 4, "area": 3, "diabetes": 4, "because": 2, "times": 1, "asked": 1,
    "wanted": 2, "changes": 2, "breathe": 1, "vaccine": 2, "cause": 1, "hospital": 3,
}  # fmt: skip


def test_syllables_are_those_of_a_dictionary():
    wrong = {
        word: syllables_pt(word.replace("-", ""))
        for word in PORTUGUESE
        if syllables_pt(word.replace("-", "")) != word.count("-") + 1
    }
    assert wrong == {}
    assert {w: syllables_en(w) for w in ENGLISH if syllables_en(w) != ENGLISH[w]} == {}


def test_flesch_in_portuguese_gives_the_known_values():
    one = flesch(text_of("O gato bebe leite."), "pt-BR")
    two = flesch(text_of("O gato bebe leite. A casa é grande."), "pt-BR")
    assert (one.flesch, two.flesch) == (96.7, 107.3)
    english = flesch(text_of("The cat drinks milk."), "en")
    assert english.flesch == round(206.835 - 1.015 * 4 - 84.6, 1)
    assert flesch(text_of("123"), "pt") is None


def test_a_hard_text_for_patients_is_said_to_be_hard_and_for_professionals_it_is_not():
    hard = (
        "A farmacocinética interindividual correlaciona-se predominantemente com "
        "polimorfismos enzimáticos hepáticos, consequentemente exigindo individualização "
        "posológica multidisciplinar continuada. "
    ) * 10
    for audience, expected in (("patients", True), ("professionals", False)):
        reading = Reading(text_of(f"<p>{hard}</p>"), About(audience=audience))
        codes = {finding.rule for finding in run(reading, RULES)}
        assert ("house.readability" in codes) is expected


def test_pictures_links_and_acronyms():
    text = text_of(
        "<p>O AVC e a DPOC (doença pulmonar obstrutiva crônica); acidente vascular. SUS. "
        "<img src='a'><img src='b' alt=''><a href='#fim'>fim</a><a href='#nada'>x</a>"
        "<a href=''>y</a><a href='http://localhost/a'>z</a><a href='https://x.example/'>w</a>"
        "<a href='/contato'>c</a></p><h2 id='fim'>Fim</h2>"
    )
    assert len(list(forms.without_alternative(text))) == 1
    assert [text.plain[a:b] for a, b in forms.dead_links(text)] == ["x", "y", "z"]
    assert [text.plain[a:b] for a, b in forms.unexpanded(text)] == ["AVC"]


def test_the_rules_of_the_house_have_no_faults():
    known: set[str] = set()
    for one in bundled_sets():
        assert faults_of(one, families(), CHECKS) == {}, one.id
        assert one.sources
        codes = {rule.code for rule in one.rules}
        assert not codes & known
        known |= codes


def test_few_rules_block_and_only_where_the_law_is_clear():
    """Elsewhere every guess of a machine stops a publication."""
    assert {one.rule.code for one in RULES if one.severity == "blocker" and not _is_human(one)} == {
        "cfm2336.promise",
        "medicines.prescription_advert",
        *(f"patient.{name}" for name in ("cpf", "cns", "pis", "rg", "record", "birth", "phone")),
        "patient.email",
        "patient.name",
    }


def _is_human(aimed):
    return aimed.rule.kind == "human"


def test_an_article_number_is_shown_only_where_it_is_certain():
    shown = {one.rule.code: one.rule.shown_article for one in RULES}
    assert shown["cfm2336.exclusive"] == "11-IX"
    assert shown["cfm2336.promise"] is None
    assert all(
        one.rule.article_confidence == "high" for one in RULES if one.rule.shown_article is not None
    )


def test_a_text_about_suicide_says_where_help_is():
    silent = Reading(text_of("<p>Falar sobre suicídio não aumenta o risco.</p>"), About())
    assert "house.suicide_notice" in {f.rule for f in run(silent, RULES)}
    told = Reading(text_of("<p>Falar sobre suicídio ajuda.</p><p>CVV, telefone 188.</p>"), About())
    assert "house.suicide_notice" not in {f.rule for f in run(told, RULES)}
