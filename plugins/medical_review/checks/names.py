"""Names of patients: a full name after words that introduce one, or beside clinical facts.

There is no list of everybody's names. What is written as a name is told from an eponym, an
institution or a colleague by the words before it.
"""

import re
from collections.abc import Iterator

from plugins.medical_review.checks.findings import Span
from plugins.medical_review.checks.text import Text, fold
from plugins.medical_review.checks.words import words

# Bounded: a page of capitalised words must not be read once for each of them.
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{1,30}(?:[-'’][A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿ]{1,30}){0,2}"
_LINK = r"(?:\s(?:d[aeo]s?|e|von|van|del))?"
_NAME = rf"{_CAPITAL}(?:{_LINK}\s(?:{_CAPITAL}|[A-ZÀ-Þ]\.)){{0,6}}{_LINK}\s{_CAPITAL}"

_INTRODUCED = re.compile(
    r"\b(?:[Pp]aciente|[Pp]atient|[Nn]ome d[oa] paciente|[Pp]atient(?:'s)? name|[Dd]oente"
    r"|[Ii]dentificação)"
    rf"\s*(?:[:,–-]\s*)?(?:sra?\.?\s|senhora?\s|Sra?\.?\s|Mrs?\.?\s)?(?P<name>{_NAME})"
)
_CALLED = re.compile(
    r"\b(?i:paciente|patient|nome|name)\s*:\s*(?P<name>[A-ZÀ-Þ]{2,}(?:\s(?:D[AEO]S?"
    r"|[A-ZÀ-Þ]{2,}))*\s[A-ZÀ-Þ]{2,})\b"
)
_NAMED = re.compile(rf"\b[Nn]ome:?\s(?P<name>{_NAME})|\b[Nn]ame:?\s(?P<english>{_NAME})")
_HONORED = re.compile(
    r"\b(?:[Ss]enhora?|[Ss]ra?\.|[Dd]ona|[Ss]eu|[Mm]enin[oa]|[Mm]rs?\.|[Mm]s\.|[Mm]iss"
    r"|[Gg]estante|[Ii]dos[oa]"
    r"|[Ff]ilh[oa],?|[Mm]ãe,?|[Pp]ai,?|[Aa]posentad[oa]|[Rr]elato de caso:|[Cc]ase report:"
    r"|[Bb]oy|[Gg]irl|[Aa]dolescente|[Jj]ovem|[Cc]riança|[Mm]ulher|[Hh]omem|[Tt]eenager)"
    rf"\s(?P<name>{_NAME})"
)
_AGED = re.compile(
    rf"(?P<name>{_NAME}),?\s(?:de\s|com\s|aged\s)?(?:\d{{1,3}}|[a-zà-ú]+)\s?(?:anos|meses"
    rf"|years old|-year-old)\b"
    rf"|(?P<english>{_NAME}),\s\d{{1,3}},"
)
_FIRST_NAME = re.compile(
    rf"(?P<name>{_CAPITAL}),\s(?:de\s)?\d{{1,3}}(?:\sanos|\syears old)?,\s(?:com|tem|teve|que"
    rf"|vive|portadora?|"
    r"with|has|who)\s"
)
_ANY = re.compile(rf"(?P<name>{_NAME})")

# What happens to patients, and to nobody whose name stands in a text for another reason.
_CLINICAL = re.compile(
    r"\b(?:diagnosticad[oa]|internad[oa]|sofreu um|teve alta|teve um|amputou"
    r"|recebeu (?:um )?transplante|recebeu o"
    r" diagnostico|faz (?:dialise|hemodialise|quimioterapia|tratamento)|portador[a]? de|vive com"
    r"|tem (?:leucemia|"
    r"cancer|diabetes|hiv|epilepsia|asma|lupus|hanseniase|tuberculose|depressao|esquizofrenia)"
    r"|foi operad[oa]|"
    r"diabetic[oa]|hipertens[oa]|gravida|queixa de|em uso de|deu entrada|esquecia os remedios"
    r"|recusou|morreu (?:de|aos)|died of|"
    r"faleceu|passou por (?:uma )?cirurgia|was (?:diagnosed|discharged|admitted|operated)"
    r"|has (?:leukaemia|"
    r"leukemia|cancer|diabetes|hiv|epilepsy|asthma|lupus|depression)|had a (?:stroke"
    r"|heart attack)|suffered|"
    r"underwent|on (?:warfarin|insulin|dialysis)|lives with)\b"
)
# What is said of patients as of others; it counts beside a name that is introduced like one.
_WEAK = re.compile(
    r"\b(?:tem|teve|sofre|sofria|toma|tomava|convive|tentou|contou|relatou|mora|usuari[oa]"
    r"|pacientes?|leito|"
    r"quarto|enfermaria|anos|sob oxigenio|avc|infarto|has|had|takes|told|patient|stroke|years)\b"
)
_FUNCTION = words("function_words")
_ANYBODY = words("anybody")
_WORD = re.compile(r"(\S+)\s+")
_DOCTOR = re.compile(r"\b(?:dra?|doctor|doutora?)\.?\s*$")
# Before a name: then it is no patient's.
_COLLEAGUE = re.compile(
    r"(?:\b(?:dra?|profa?|professora?|doutora?|enf|enfermeir[oa]|autora?|editora?|segundo"
    r"|conforme|para|"
    r"revisora?|psicolog[oa]|nutricionista|fisioterapeuta|medic[oa]|pesquisadora?|por|by"
    r"|according to|"
    r"doenca|sindrome|sinal|escala|teste|metodo|virus|manobra|tecnica|hospital|instituto|clinica"
    r"|rua|avenida|"
    r"universidade|sociedade|ministerio|rede|lei|premio|fundacao|disease|syndrome|sign|scale"
    r"|test|street|"
    r"mal|bacilo|indice|criterios|classificacao|indicador|linfoma|sarcoma|tumor)\.?"
    r"(?:\s+d[aeo]s?)?)\s*$"
)
_INSTITUTION = re.compile(
    r"\b(?:hospital|clinica|instituto|ministerio|sociedade|universidade|conselho|associacao"
    r"|federacao|santa casa|"
    r"secretaria|sistema|saude|organizacao|academia|faculdade|centro|setembro|outubro|novembro"
    r"|janeiro|rede|"
    r"journal|society|university|institute|health|organization|medicine|college|foundation"
    r"|department|"
    r"brasileir[ao]|nacional|federal|internado|internada|estados|unidos|reino|sao paulo|rio|minas|"
    r"medical|records?|world|new|north|south|royal|american|national|united|guillain|creutzfeldt|"
    r"epstein|down|crohn|parkinson|alzheimer|chagas)\b"
)
_EXCUSED = re.compile(
    r"nomes? (?:e |sao )?(?:ficticios?|trocados?|alterados?|inventados?)|(?:paciente|caso"
    r"|exemplo|personagem)s? "
    r"(?:ficticio|ficticia|imaginario|imaginaria|hipotetic[oa])s?\b|not (?:her|his|their) real name"
    r"|names? (?:has|have) been changed|fictional (?:patient|case)"
)
_REGISTERED = re.compile(r"\b(?:crm|coren|crp|cro|crn|crf|crefito|medic[oa]|rqe|ph\.?d|m\.?d)\b")


def introduced(text: Text) -> Iterator[Span]:
    """Full names after words that only a patient's name follows."""
    for pattern in (_INTRODUCED, _CALLED):
        for one in pattern.finditer(text.plain):
            yield from _person(text, *one.span("name"))
    for one in _NAMED.finditer(text.plain):
        if _WEAK.search(text.around(one.start())):
            yield from _person(text, *one.span("name" if one["name"] else "english"))


def near_clinical_facts(text: Text) -> Iterator[Span]:
    """Full names beside an age or what happens to patients."""
    taken = {at for start, end in introduced(text) for at in range(start, end)}
    for start, end in sorted({*_aged(text), *_with_facts(text)}):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            yield start, end


def _aged(text: Text) -> Iterator[Span]:
    """An age makes a teacher a patient; a doctor stays one."""
    for one in _AGED.finditer(text.plain):
        start, end = one.span("name" if one["name"] else "english")
        if not _DOCTOR.search(text.folded[:start][-10:]):
            yield from _person(text, start, end, is_aged=True)
    for one in _FIRST_NAME.finditer(text.plain):
        if fold(one["name"]) not in _ANYBODY:
            yield from _person(text, *one.span("name"), shortest=1)


def _with_facts(text: Text) -> Iterator[Span]:
    for number in range(len(text.sentences)):
        start, end = text.span(number)
        for pattern, facts in ((_HONORED, _WEAK), (_HONORED, _CLINICAL), (_ANY, _CLINICAL)):
            if facts.search(text.folded, start, end):
                for one in pattern.finditer(text.plain, start, end):
                    yield from _person(text, *one.span("name"))


def _person(
    text: Text, start: int, end: int, *, shortest: int = 2, is_aged: bool = False
) -> Iterator[Span]:
    """The name, without a word before it that is none; nothing where it is nobody's."""
    while (first := _WORD.match(text.folded, start, end)) and first[1].strip(".,") in _FUNCTION:
        start = first.end()
    if len(text.folded[start:end].split()) < shortest:
        return
    sentence = text.around(start)
    said_before = text.folded[max(0, start - 60) : start].rpartition("\n")[2]
    is_colleague = not is_aged and bool(_COLLEAGUE.search(said_before))
    is_nobody = _INSTITUTION.search(text.folded[start:end]) or _EXCUSED.search(sentence)
    if not (is_colleague or is_nobody or _REGISTERED.search(sentence)):
        yield start, end
