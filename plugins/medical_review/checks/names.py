"""Names of patients: a full name after words that introduce one, or beside clinical facts.

There is no list of everybody's names. What is written as a name is told from an eponym, an
institution or a colleague by the words before it.
"""

import re
from collections.abc import Iterator

from plugins.medical_review.checks.findings import Span
from plugins.medical_review.checks.text import Text, fold

_CAPITAL = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+(?:[-'’][A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿ]+)*"
_LINK = r"(?:\s(?:d[aeo]s?|e|von|van|del))?"
_NAME = rf"{_CAPITAL}(?:{_LINK}\s(?:{_CAPITAL}|[A-ZÀ-Þ]\.))*{_LINK}\s{_CAPITAL}"

_INTRODUCED = re.compile(
    r"\b(?:[Pp]aciente|[Pp]atient|[Nn]ome d[oa] paciente|[Pp]atient(?:'s)? name|[Dd]oente|[Ii]dentificação)"
    rf"\s*(?:[:,–-]\s*)?(?:sra?\.?\s|senhora?\s|Sra?\.?\s|Mrs?\.?\s)?(?P<name>{_NAME})"
)
_HONORED = re.compile(
    r"\b(?:[Ss]enhora?|[Ss]ra?\.|[Dd]ona|[Ss]eu|[Mm]enin[oa]|[Mm]rs?\.|[Mm]s\.|[Mm]iss|[Gg]estante|[Ii]dos[oa]"
    r"|[Ff]ilh[oa],?|[Mm]ãe,?|[Pp]ai,?|[Aa]posentad[oa]|[Rr]elato de caso:|[Cc]ase report:|[Bb]oy|[Gg]irl)"
    rf"\s(?P<name>{_NAME})"
)
_AGED = re.compile(
    rf"(?P<name>{_NAME}),?\s(?:de\s|com\s|aged\s)?(?:\d{{1,3}}|[a-zà-ú]+)\s?(?:anos|meses|years old|-year-old)\b"
    rf"|(?P<english>{_NAME}),\s\d{{1,3}},"
)
_ANY = re.compile(rf"(?P<name>{_NAME})")

# What happens to patients, and to nobody whose name stands in a text for another reason.
_CLINICAL = re.compile(
    r"\b(?:diagnosticad[oa]|internad[oa]|sofreu um|teve alta|teve um|amputou|recebeu (?:um )?transplante|recebeu o"
    r" diagnostico|faz (?:dialise|hemodialise|quimioterapia|tratamento)|portador[a]? de|vive com|tem (?:leucemia|"
    r"cancer|diabetes|hiv|epilepsia|asma|lupus|hanseniase|tuberculose|depressao|esquizofrenia)|foi operad[oa]|"
    r"diabetic[oa]|hipertens[oa]|gravida|queixa de|em uso de|deu entrada|esquecia os remedios|recusou|morreu de|"
    r"faleceu|passou por (?:uma )?cirurgia|was (?:diagnosed|discharged|admitted|operated)|has (?:leukaemia|"
    r"leukemia|cancer|diabetes|hiv|epilepsy|asthma|lupus|depression)|had a (?:stroke|heart attack)|suffered|"
    r"underwent|on (?:warfarin|insulin|dialysis)|lives with)\b"
)
# Before a name: then it is no patient's.
_COLLEAGUE = re.compile(
    r"(?:\b(?:dra?|profa?|professora?|doutora?|enf|enfermeir[oa]|autora?|editora?|segundo|conforme|para|"
    r"revisora?|psicolog[oa]|nutricionista|fisioterapeuta|medic[oa]|pesquisadora?|por|by|according to|"
    r"doenca|sindrome|sinal|escala|teste|metodo|virus|manobra|tecnica|hospital|instituto|clinica|rua|avenida|"
    r"universidade|sociedade|ministerio|rede|lei|premio|fundacao|disease|syndrome|sign|scale|test|street|"
    r"mal|bacilo|indice|criterios|classificacao|indicador|linfoma|sarcoma|tumor)\.?"
    r"(?:\s+d[aeo]s?)?)\s*$"
)
_INSTITUTION = re.compile(
    r"\b(?:hospital|clinica|instituto|ministerio|sociedade|universidade|conselho|associacao|federacao|santa casa|"
    r"secretaria|sistema|saude|organizacao|academia|faculdade|centro|setembro|outubro|novembro|janeiro|rede|"
    r"journal|society|university|institute|health|organization|medicine|college|foundation|department|"
    r"brasileir[ao]|nacional|federal|internado|internada|estados|unidos|reino|sao paulo|rio|minas|"
    r"medical|records?|world|new|north|south|royal|american|national|united|guillain|creutzfeldt|"
    r"epstein|down|crohn|parkinson|alzheimer|chagas)\b"
)
_EXCUSED = re.compile(
    r"nomes? (?:e |sao )?(?:ficticios?|trocados?|alterados?|inventados?)|(?:paciente|caso|exemplo|personagem)s? "
    r"(?:ficticio|ficticia|imaginario|imaginaria|hipotetic[oa])s?\b|not (?:her|his|their) real name"
    r"|names? (?:has|have) been changed|fictional (?:patient|case)"
)
_REGISTERED = re.compile(r"\b(?:crm|coren|crp|cro|crn|crf|crefito|medic[oa]|rqe|ph\.?d|m\.?d)\b")


def introduced(text: Text) -> Iterator[Span]:
    """Full names after words that only a patient's name follows."""
    for one in _INTRODUCED.finditer(text.plain):
        if _is_person(text, *one.span("name")):
            yield one.span("name")


def near_clinical_facts(text: Text) -> Iterator[Span]:
    """Full names beside an age or what happens to patients."""
    known = set(introduced(text))
    for start, end in {*_aged(text), *_with_facts(text)}:
        overlaps = any(start < other_end and other < end for other, other_end in known)
        if not overlaps and _is_person(text, start, end):
            yield start, end


def _aged(text: Text) -> Iterator[Span]:
    for one in _AGED.finditer(text.plain):
        yield one.span("name") if one["name"] else one.span("english")


def _with_facts(text: Text) -> Iterator[Span]:
    for number in range(len(text.sentences)):
        start, end = text.span(number)
        if not _CLINICAL.search(text.folded, start, end):
            continue
        for pattern in (_HONORED, _ANY):
            yield from (one.span("name") for one in pattern.finditer(text.plain, start, end))


def _is_person(text: Text, start: int, end: int) -> bool:
    number = text.sentence_at(start)
    if number is None:
        return False
    first, last = text.span(number)
    sentence = text.folded[first:last]
    return not (
        _COLLEAGUE.search(text.folded[first:start])
        or _INSTITUTION.search(fold(text.plain[start:end]))
        or _EXCUSED.search(sentence)
        or _REGISTERED.search(sentence)
    )
