"""A certificate as PDF/UA (ISO 14289-1), with its sealed JSON inside.

The same certificate in the same language is the same bytes each time: a PDF that comes back signed
is compared with what was handed out, and nothing has to be kept for it.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from plugins.medical_review.signing.certificate_words import WORDS

_TEMPLATE = Path(__file__).with_name("certificate.typ")
_STANDARDS: list[Literal["ua-1", "a-3a"]] = ["ua-1", "a-3a"]

# Latin, Greek, Cyrillic, and the signs of measures and of mathematics that texts on health use.
_UNKNOWN = re.compile(
    "[^ -~\u00a0-\u017f\u0384-\u03ce\u0400-\u045f\u2010-\u2030\u20ac\u2122≤≥≠±×÷µ–—…·]"
)

Row = tuple[str, str, bool]


def rendered(envelope: Mapping[str, Any], language: str) -> bytes:
    """The PDF of a certificate in `pt` or `en`; it takes some hundredths of a second."""
    document, words = envelope["document"], WORDS[language]
    issued = datetime.fromisoformat(document["issued_at"])
    said = {
        "language": language,
        "words": words,
        "site": document["site"]["name"],
        "title": document["text"]["title"],
        "date": list(issued.timetuple()[:6]),
        "text": list(_text(document, words)),
        "signatures": [_signature(one, words) for one in _signers(document)],
        "check": document["check"]["address"],
        "note": "",
    }
    try:
        return _drawn(said, envelope, issued)
    except typst.TypstError:
        # The standards let no box stand for a letter that the fonts do not have.
        shown = {**_with_known_letters(said), "note": words["unshown"]}
        return _drawn(shown, envelope, issued)


def _drawn(said: Mapping[str, Any], envelope: Mapping[str, Any], issued: datetime) -> bytes:
    pdf: bytes = typst.compile(
        _TEMPLATE.read_bytes(),
        sys_inputs={
            "data": json.dumps(said),
            "certificate": json.dumps(envelope, ensure_ascii=False, sort_keys=True),
            "qr": _qr(said["check"]),
        },
        pdf_standards=[*_STANDARDS],
        ignore_system_fonts=True,
        timestamp=int(issued.timestamp()),
    )
    return pdf


def _with_known_letters(value: Any) -> Any:
    """The same with `?` in the place of each character that may not be in the fonts."""
    if isinstance(value, str):
        return _UNKNOWN.sub("?", value)
    if isinstance(value, Mapping):
        return {name: _with_known_letters(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_with_known_letters(one) for one in value]
    return value


def _text(document: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Row]:
    text = document["text"]
    yield words["site"], document["site"]["name"], False
    yield words["name"], text["title"], False
    yield words["address"], text["address"], False
    yield words["language"], text["language"], False
    yield words["version"], str(text["version"]), False
    yield words["published"], _time(text["published_at"]), False
    yield words["content_hash"], text["content_hash"], True
    if document["byline"]:
        yield words["byline"], document["byline"], False
    yield words["issued"], _time(document["issued_at"]), False


def _signers(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for signature in document["signatures"]:
        record = signature["record"]
        yield {
            "name": record["signer"]["name"],
            "registration": record["signer"]["registration"],
            "about": record["about"]["kind"],
            "meaning": record["meaning"],
            "at": record["signed_at"],
            "factors": record["authentication"]["factors"],
            "level": record["level"],
            "hash": signature["hash"],
        }
    for decision in document["decisions"]:
        yield {
            "name": decision["reviewer_name"],
            "registration": decision["reviewer_registration"],
            "about": "decision",
            "meaning": decision["meaning"],
            "at": decision["decided_at"],
            "factors": decision["factors"],
            "level": "unsigned",
            "hash": decision["decision_hash"],
        }


def _signature(one: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    registration = (one["registration"] or {}).get("registration") or words["none"]
    rows: list[Row] = [
        (words["signer"], one["name"], False),
        (words["registration"], registration, False),
        (words["about"], words.get(one["about"], one["about"]), False),
        (words["meaning"], words[one["meaning"]], False),
        (words["signed_at"], _time(one["at"]), False),
        (words["authentication"], ", ".join(words.get(f, f) for f in one["factors"]), False),
        (words["level"], words[one["level"]], False),
        (words["hash"], one["hash"], True),
    ]
    return {"heading": f"{words['heading']}: {one['name']}", "facts": rows}


def _time(moment: str | None) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M:%S} UTC" if moment else "–"


def _qr(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False)
    return drawn.getvalue().decode()
