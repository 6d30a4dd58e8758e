"""The same events for people and programs. Nothing here is evidence: it is made from evidence."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from plugins.audit_trail.exports.asked import Form
from plugins.audit_trail.exports.evidence_files import Draft
from plugins.audit_trail.exports.forms.fhir import fhir_r4_of, fhir_r5_of
from plugins.audit_trail.exports.forms.ocsf import OCSF_VERSION, ocsf_of
from plugins.audit_trail.exports.forms.table import HEADER, cells_of
from plugins.audit_trail.exports.reading import Entry

__all__ = ["OCSF_VERSION", "Writer", "writer_of"]

Line = Callable[[Entry, Mapping[str, Any], Mapping[str, Any]], bytes]

_FORMS: dict[Form, tuple[str, bytes, Line]] = {
    Form.CSV: ("events.csv", HEADER, cells_of),
    Form.FHIR_R4: ("fhir-r4.ndjson", b"", fhir_r4_of),
    Form.FHIR_R5: ("fhir-r5.ndjson", b"", fhir_r5_of),
    Form.OCSF: ("ocsf.jsonl", b"", ocsf_of),
}


class Writer(Protocol):
    """Writes one form, event by event."""

    def write(
        self, entry: Entry, event: Mapping[str, Any], opened: Mapping[str, Any] | None
    ) -> None: ...

    def finish(self) -> None: ...


class _LineWriter:
    """One line of the file is one event."""

    def __init__(self, name: str, header: bytes, line: Line, draft: Draft) -> None:
        self._name, self._line, self._draft = name, line, draft
        self._file = draft.file(name)
        self._file.write(header)

    def write(
        self, entry: Entry, event: Mapping[str, Any], opened: Mapping[str, Any] | None
    ) -> None:
        self._file.write(self._line(entry, event, opened or {}))

    def finish(self) -> None:
        self._draft.close(self._name)


def writer_of(form: Form, draft: Draft) -> Writer:
    """The writer of this form into the draft."""
    return _LineWriter(*_FORMS[form], draft)
