"""What identifies a patient: numbers of documents, records, birth, ways to reach her.

A number of a document is told by its check digits, everything else by the words around it: the
telephone of the clinic is nobody's, that of a patient is hers. (CEM, CFM 2.217/2018, art. 75: no
identifiable case, whoever consents; LGPD, art. 5, II.)
"""

import re
from collections.abc import Callable, Iterator

from plugins.medical_review.checks.documents import digits, is_cns, is_cpf, is_phone, is_pis
from plugins.medical_review.checks.findings import Span
from plugins.medical_review.checks.text import Text

_CPF = re.compile(r"(?<![\d.])\d{3}\.\d{3}\.\d{3}\s?[-–/]\s?\d{2}(?!\d)")
_ELEVEN = re.compile(r"(?<![\d./-])\d{11}(?![\d/-])")
_CNS = re.compile(r"(?<![\d.])[12789]\d{2}[\s.]?\d{4}[\s.]?\d{4}[\s.]?\d{4}(?!\d)")
_PIS = re.compile(r"(?<![\d.])\d{3}\.\d{5}\.\d{2}\s?-\s?\d(?!\d)")
_RG = re.compile(
    r"\b(?:rg|identidade)\b\W{0,3}(?:n[ºo°.]{0,2}\W{0,2})?(\d{1,2}\.?\d{3}\.?\d{3}-?[\dx])\b"
)
_PHONE = re.compile(r"(?<![\d.,/-])(?:\+55\s?)?\(?\d{2}\)?[\s.-]?9?\d{4}[\s.-]?\d{4}(?![\d/])")
_EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}"
)
_DATE = (
    r"(\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}|\d{1,2}(?: de)? [a-z]+(?: de)? \d{4}"
    r"|[a-z]+ \d{1,2}, \d{4}|\d{4}-\d{2}-\d{2})"
)
_BIRTH = re.compile(
    rf"\b(?:nascid[oa]|nasceu|nascimento|nasc\.?|dn|d\.n\.|date of birth|dob"
    rf"|born)[^;\n]{{0,20}}?{_DATE}"
)
_RECORD = re.compile(
    r"\b(?:prontuario|registro hospitalar|matricula|mrn|(?:medical|hospital) record|record number"
    r"|numero d[oe] (?:registro|prontuario|atendimento)|internacao|boletim"
    r"|pulseira|hospital number|(?:patient )?chart(?: no| number)?|ficha(?: n[ºo°.]| numero))\b\.?"
    r"[^\d.;\n]{0,24}(\d[\d.-]{3,})"
)
_REGISTER = re.compile(
    r"\b(?:registro|registration|number|numero)\b[^\d.;\n]{0,8}(\d{5,})(?![\d./])"
)
_VISIT = re.compile(r"\b(?:atendimento|guia|visit)\b[^\d.;\n]{0,12}(\d{6,})")
_CARD = re.compile(
    r"\b(?:carteirinha|carteira d[oe] (?:plano|convenio)|(?:insurance|member) (?:card|number|id))\b"
    r"[^\d;\n]{0,24}(\d(?:[\s.-]?\d){7,})"
)
_ADDRESS = re.compile(
    r"\b(?:rua|avenida|av\.|travessa|alameda|street"
    r"|avenue)\s[^,;\n]{2,60},\s?(?:n[ºo°.]{0,2}\s?)?\d{1,5}\b"
)
# Who in a sentence is the patient, or hers; and who speaks for an institution.
_HERS = re.compile(
    r"\b(?:pacientes?|doente|internad[oa]|segurad[oa]|gestante|puerpera|mae|pai|filh[oa]|espos[oa]"
    r"|marido|mulher dele|familiar(?:es)?|acompanhante|del[ae]|morador[a]?|residente|patients?"
    r"|patient's"
    r"|mother|father|daughter|son|wife|husband|relative|her|his|vive com|portador[a]?)\b"
)
_OURS = re.compile(
    r"\b(?:clinica|consultorio|agende|agendamento|marque|fale conosco|hospital|central|disque"
    r"|plantao"
    r"|ouvidoria|secretaria|recepcao|sac|cvv|samu|ambulatorio|unidade|posto|laboratorio|farmacia"
    r"|contato@"
    r"|atendimento@|duvidas|our|clinic|to book|appointments?|call us|contact us|questions about"
    r"|hotline"
    r"|instituto|sociedade|associacao|editora|redacao|endereco d[ao]|imprensa|ligue)\b"
)
_ASKED = re.compile(r"\bcpf\b|\bpaciente|\bpatient|\bdocumento|\bportador")


def _in(pattern: re.Pattern[str], text: Text, is_it: Callable[[str], bool]) -> Iterator[Span]:
    for one in pattern.finditer(text.folded):
        if is_it(one[0]):
            yield one.span()


def _group(pattern: re.Pattern[str], text: Text) -> Iterator[Span]:
    yield from (one.span(1) for one in pattern.finditer(text.folded))


def is_about_patient(sentence: str) -> bool:
    """Whether a folded sentence speaks of a patient or of hers, and of no institution."""
    return bool(_HERS.search(sentence)) and not _OURS.search(sentence)


def cpfs(text: Text) -> Iterator[Span]:
    """Numbers whose check digits are those of a CPF. Without the dots they may be anything, so the
    sentence has to speak of a document or of a patient."""
    yield from _in(_CPF, text, is_cpf)
    for start, end in _in(_ELEVEN, text, is_cpf):
        if _ASKED.search(text.around(start)):
            yield start, end


def cards(text: Text) -> Iterator[Span]:
    """Numbers of the SUS card."""
    yield from _in(_CNS, text, is_cns)


def pis(text: Text) -> Iterator[Span]:
    yield from _in(_PIS, text, is_pis)
    for start, end in _in(_ELEVEN, text, is_pis):
        if re.search(r"\b(?:pis|pasep|nit|nis)\b", text.around(start)):
            yield start, end


def identity_cards(text: Text) -> Iterator[Span]:
    """An RG has no national form and no check digit: the word must stand before it."""
    yield from _group(_RG, text)


def records(text: Text) -> Iterator[Span]:
    """Numbers of records, visits and insurance cards, by the word before them."""
    for pattern in (_RECORD, _VISIT, _CARD):
        for start, end in _group(pattern, text):
            if len(digits(text.folded[start:end])) >= 4:
                yield start, end
    for start, end in _group(_REGISTER, text):
        if is_about_patient(text.around(start)):
            yield start, end


def births(text: Text) -> Iterator[Span]:
    """A whole date of birth; a year alone identifies nobody."""
    yield from _group(_BIRTH, text)


def _hers(pattern: re.Pattern[str], text: Text, is_it: Callable[[str], bool]) -> Iterator[Span]:
    for start, end in _in(pattern, text, is_it):
        around = text.around(start)
        if is_about_patient(around.replace(text.folded[start:end], " ")):
            yield start, end


def phones(text: Text) -> Iterator[Span]:
    """Telephone numbers of a patient, or of hers."""
    yield from _hers(_PHONE, text, is_phone)


def emails(text: Text) -> Iterator[Span]:
    yield from _hers(_EMAIL, text, lambda _: True)


def addresses(text: Text) -> Iterator[Span]:
    """Street and number of a patient."""
    yield from _hers(_ADDRESS, text, lambda _: True)
