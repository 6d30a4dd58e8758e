"""What use cases say to people, read from their sources: `python -m tests.support.said` lists what
has no words in Portuguese yet, in the form that the files of translations have."""

import ast
from collections.abc import Iterator
from pathlib import Path

from cms import errors
from cms.admin.rendering import HERE, folder_of
from cms.admin.translating import PORTUGUESE, Words
from cms.host import build_registry
from cms.settings import Settings
from tests.architecture.sources import modules, tree

# Not for people at a screen: an operator's terminal, a programmer's mistake.
_NOT_TOLD = {"SetupError", "UnauditedWrite", "UnknownSite"}


def _told_by_name() -> set[str]:
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
            return known - _NOT_TOLD
        known |= more


def said() -> Iterator[tuple[str, str]]:
    """Each text with its facts as {0}, {1} …, and where it stands: messages and remedies of
    objections, messages of errors, faults of fields."""
    told = _told_by_name()
    for module, path in modules("cms", "plugins").items():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and _name(node.func) == "Objection":
                texts: list[ast.expr] = node.args[1:]
            elif isinstance(node, ast.Call) and _name(node.func) == "InvalidInput":
                texts = [v for d in node.args if isinstance(d, ast.Dict) for v in d.values]
            elif isinstance(node, ast.Call) and _name(node.func) in told:
                texts = node.args[:1]
            else:
                continue
            for text in texts:
                for template in _templates(text):
                    yield template, f"{module}:{node.lineno}"


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _templates(text: ast.expr) -> Iterator[str]:
    if isinstance(text, ast.IfExp):
        yield from _templates(text.body)
        yield from _templates(text.orelse)
    elif isinstance(text, ast.Constant) and isinstance(text.value, str):
        yield text.value
    elif isinstance(text, ast.JoinedStr):
        parts, count = [], 0
        for value in text.values:
            if isinstance(value, ast.Constant):
                parts.append(str(value.value))
            else:
                parts.append(f"{{{count}}}")
                count += 1
        yield "".join(parts)


def untranslated() -> dict[str, str]:
    """What is said and has no words in Portuguese, with where."""
    registry = build_registry(Settings())
    folders = [HERE, *(folder_of(p.screens) for p in registry.plugins if p.screens)]
    words = Words(PORTUGUESE, [Path(folder) / "translations" for folder in folders])
    return {text: where for text, where in said() if text not in words._one and " " in text}


if __name__ == "__main__":
    for text, where in untranslated().items():
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        print(f'#: {where}\nmsgid "{quoted}"\nmsgstr ""\n')
