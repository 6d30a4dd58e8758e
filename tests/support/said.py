"""What use cases say to people, read from their sources: `python -m tests.support.said` lists what
has no words in Portuguese yet, in the form that the files of translations have."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cms import errors
from cms.admin.rendering import HERE, folder_of
from cms.admin.translating import PORTUGUESE, Words
from cms.host import build_registry
from cms.settings import Settings
from tests.architecture.sources import modules, tree

# Not for people at a screen: an operator's terminal, a programmer's mistake.
_NOT_TOLD = {"SetupError", "UnauditedWrite", "UnknownSite"}
SPOKEN_ELSEWHERE: Mapping[str, str] = {
    "cms.rest": "clients of WordPress know its words, and screens do not come by here",
    "cms.exchange": "the command line brings in and takes out",
    "cms.cli": "the command line",
    "cms.doctor": "the command line",
    "cms.demo": "the command line",
    "cms.serving": "the command line",
    "cms.settings": "the command line",
    "cms.database": "whoever runs the machine",
    "cms.kernel": "whoever writes a plugin",
    "cms.markup": "words of HTML",
    "cms.media.sizes": "whoever writes a plugin",
    "plugins.audit_trail.exports.fhir_search": "clients of FHIR",
    "plugins.audit_trail.hashing": "the command line, and programs that check proofs",
    "plugins.audit_trail.heads": "the signer's and the worker's output",
    "plugins.audit_trail.log": "the worker's output",
    "plugins.audit_trail.outside": "witnesses and the worker's output",
    "plugins.audit_trail.proving": "programs that check proofs",
    "plugins.audit_trail.publication": "programs that follow the log",
    "plugins.audit_trail.remembering": "the command line",
    "plugins.audit_trail.verification": "reports of verification, which are evidence as they are",
    "plugins.audit_trail.verifier": "the command line",
    "plugins.audit_trail.witness": "witnesses, which are programs",
    "plugins.medical_review.checks.phrases": "whoever writes rules",
    "plugins.professional_registry.corrections": "the API: no screen changes the table",
    "plugins.professional_registry.patterns": "the API: no screen changes the table",
    "plugins.professional_registry.providers": "answers of sources, kept as they came",
    "plugins.professional_registry.roster_csv": "the command line",
    "plugins.professional_registry.roster_file": "the command line",
    "plugins.zero_trust.compile": "the command line checks policies",
    "plugins.zero_trust.policies": "the command line checks policies",
    "plugins.zero_trust.schema": "whoever writes a plugin",
}
"""Rooms whose words no screen shows, each with the reason."""

# What a helper returns, yields or puts into a table reads like one of these where it is a fault.
_FAULT = re.compile(
    r"(must|may|is|are|has|have|holds|names|needs|belongs|cannot|leads|stands|choose|give|"
    r"there is no|Sorry,) \S"
)
# Where all that has a blank in it is put into messages, as their facts and remedies.
_ALL_TOLD = (
    "cms.content.ancestry",
    "cms.content.schedule",
    "cms.content.site_settings",
    "cms.site.items",
    "plugins.audit_trail.retention.ranges",
    "plugins.audit_trail.heads.health",
    "plugins.audit_trail.outside.health",
    "plugins.audit_trail.storage.health",
    "plugins.medical_review.discussion.errors",
    "plugins.medical_review.discussion.replacing",
    "plugins.medical_review.references.checks",
    "plugins.medical_review.references.entries",
    "plugins.medical_review.reviewing.involved",
    "plugins.medical_review.signing.health",
    "plugins.professional_registry.correcting",
    "plugins.professional_registry.guards",
)
_NAMED = re.compile(r"\{\w+\}")
# Marked for translation already, or never read by people.
_OTHERWISE = {"N_", "_", "say", "text", "SetupError", "compile"}
# What uploads are refused by is no error of the API, and told by the screens of media.
_ALSO_TOLD = {"Unfit", "WrongType"}


@dataclass(frozen=True)
class _Source:
    """One module: its tree, and its texts that have a name."""

    module: str
    parsed: ast.Module
    told: frozenset[str]
    named: dict[str, ast.expr] = field(default_factory=dict)

    def texts(self) -> Iterator[tuple[ast.expr, int]]:
        for node in ast.walk(self.parsed):
            if isinstance(node, ast.Call):
                for text in self._said_in(node):
                    yield text, node.lineno
            elif isinstance(node, ast.ClassDef) and node.name in self.told:
                yield from self._said_by(node)
        yield from self._faults()

    def _said_in(self, call: ast.Call) -> list[ast.expr]:
        name = _name(call.func)
        if name == "Objection":
            return call.args[1:]
        if name == "Health":
            return call.args[2:4]
        if name == "require":
            return call.args[2:]
        if name == "InvalidInput":
            return [v for d in call.args if isinstance(d, ast.Dict) for v in d.values]
        if name == "NotFound":
            return call.args[:2]
        return call.args[:1] if name in self.told else []

    def _said_by(self, error: ast.ClassDef) -> Iterator[tuple[ast.expr, int]]:
        for node in ast.walk(error):
            if isinstance(node, ast.Call) and _name(node.func) == "__init__" and node.args:
                yield node.args[0], node.lineno

    def _faults(self) -> Iterator[tuple[ast.expr, int]]:
        passed = set(_passed_over(self.parsed))
        is_all = self.module in _ALL_TOLD
        for node in ast.walk(self.parsed):
            is_text = isinstance(node, (ast.Constant, ast.JoinedStr)) and id(node) not in passed
            for template in self.templates(node) if is_text else ():
                if _FAULT.match(template) or (is_all and _is_told(template)):
                    yield node, node.lineno

    def templates(self, text: ast.expr) -> Iterator[str]:
        if isinstance(text, ast.IfExp):
            yield from self.templates(text.body)
            yield from self.templates(text.orelse)
        elif isinstance(text, ast.Name) and text.id in self.named:
            yield from self.templates(self.named[text.id])
        elif isinstance(text, ast.Call) and _name(text.func) == "format":
            assert isinstance(text.func, ast.Attribute)
            yield from map(_numbered, self.templates(text.func.value))
        elif isinstance(text, ast.Constant) and isinstance(text.value, str):
            yield _numbered(text.value) if self.module in _ALL_TOLD else text.value
        elif isinstance(text, ast.JoinedStr):
            yield _joined(text)


def _is_told(text: str) -> bool:
    """Whether it is no question to the database."""
    return " " in text.strip() and re.match(r"\s*(?:select|order by)\b", text) is None


def _is_spoken_elsewhere(module: str) -> bool:
    """Whether no screen shows it. What a room finds out about its health is shown."""
    rooms = [room for room in SPOKEN_ELSEWHERE if f"{module}.".startswith(f"{room}.")]
    return bool(rooms) and not module.endswith(".health")


def _passed_over(parsed: ast.Module) -> Iterator[int]:
    """What is documentation, a part of another text, or marked for translation."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Expr):
            yield id(node.value)
        elif isinstance(node, ast.JoinedStr):
            yield from map(id, node.values)
        elif isinstance(node, ast.Call) and _name(node.func) in _OTHERWISE:
            yield from (id(one) for given in node.args for one in ast.walk(given))
        elif isinstance(node, ast.keyword) and node.arg in {"about", "description", "summary"}:
            yield from map(id, ast.walk(node.value))


def _joined(text: ast.JoinedStr) -> str:
    parts, count = [], 0
    for value in text.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        else:
            parts.append(f"{{{count}}}")
            count += 1
    return "".join(parts)


def _numbered(template: str) -> str:
    counted = iter(range(len(template)))
    return _NAMED.sub(lambda _: f"{{{next(counted)}}}", template)


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _told_by_name() -> frozenset[str]:
    """The names of errors that people meet, with those that rooms and plugins derive."""
    known = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.CmsError)
    }
    while True:
        more = {
            node.name
            for path in modules("cms", "plugins").values()
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ClassDef)
            and any(isinstance(base, ast.Name) and base.id in known for base in node.bases)
        }
        if more <= known:
            return frozenset((known | _ALSO_TOLD) - _NOT_TOLD)
        known |= more


def said() -> Iterator[tuple[str, str]]:
    """Each text with its facts as {0}, {1} …, and where it stands: messages and remedies of
    objections, messages of errors, findings about the installation, faults of fields."""
    told = _told_by_name()
    for module, path in modules("cms", "plugins").items():
        if _is_spoken_elsewhere(module):
            continue
        parsed = tree(path)
        source = _Source(module, parsed, told, _constants(parsed))
        for text, line in source.texts():
            for template in source.templates(text):
                yield template, f"{module}:{line}"


def _constants(parsed: ast.Module) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in parsed.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _says_something(text: str) -> bool:
    """Whether it has words: "{0}: {1}" has none, and `user.edit` is a name in programs."""
    words = _NAMED.sub("", text)
    return re.search(r"[^\W\d_]{2}", words) is not None and not re.fullmatch(r"\w+\.\w+", words)


def untranslated() -> dict[str, str]:
    """What is said and has no words in Portuguese, with where."""
    registry = build_registry(Settings())
    folders = [HERE, *(folder_of(p.screens) for p in registry.plugins if p.screens)]
    words = Words(PORTUGUESE, [Path(folder) / "translations" for folder in folders])
    return {
        text: where for text, where in said() if text not in words._one and _says_something(text)
    }


if __name__ == "__main__":
    for text, where in untranslated().items():
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        print(f'#: {where}\nmsgid "{quoted}"\nmsgstr ""\n')
