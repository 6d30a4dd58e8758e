"""What a notice says, in the language of who reads it."""

from typing import NamedTuple


class Message(NamedTuple):
    """A line for a list, and what it means for the reader."""

    title: str
    text: str


_MESSAGES: dict[str, dict[str, Message]] = {
    "pt": {
        "suspended": Message(
            "Sua assinatura profissional está suspensa",
            "A verificação do seu registro profissional não permite mais assinar. O caso mostra a "
            "fonte, a data e a regra. Se houver engano (um homônimo, por exemplo), conteste: uma "
            "pessoa vai revisar a decisão automática (LGPD, art. 20).",
        ),
        "opened": Message(
            "Um registro profissional perdeu a validade",
            "Veja no caso os textos publicados, as revisões e as aprovações que levam o nome, e "
            "decida o que fazer com cada um.",
        ),
        "contested": Message(
            "Uma suspensão foi contestada",
            "A pessoa apresentou suas razões. Quem gerencia registros precisa revisar o caso.",
        ),
        "reviewed": Message(
            "Sua contestação foi revisada",
            "O caso mostra o resultado e o motivo. Uma suspensão revertida ainda precisa de nova "
            "verificação do registro.",
        ),
        "closed": Message("Seu caso foi encerrado", "O caso mostra o resultado e o que foi feito."),
    },
    "en": {
        "suspended": Message(
            "Your professional signature is suspended",
            "The verification of your registration no longer lets you sign. The case shows source, "
            "day and rule. If it is wrong (a namesake, for one), contest it: a person will review "
            "the automatic decision (LGPD, art. 20).",
        ),
        "opened": Message(
            "A professional registration is no longer valid",
            "The case lists the live texts, reviews and approvals that carry the name; decide what "
            "is to be done with each.",
        ),
        "contested": Message(
            "A suspension was contested",
            "The person has stated her reasons. Somebody who manages registrations has to review "
            "the case.",
        ),
        "reviewed": Message(
            "Your contest was reviewed",
            "The case shows outcome and reason. An overturned suspension still needs a new "
            "verification of the registration.",
        ),
        "closed": Message("Your case was closed", "The case shows its outcome and what was done."),
    },
}
KINDS = tuple(_MESSAGES["pt"])


def message(kind: str, locale: str) -> Message:
    """The words for a kind of notice; Portuguese for pt, English for every other language."""
    language = "pt" if locale.lower().startswith("pt") else "en"
    return _MESSAGES[language][kind]
