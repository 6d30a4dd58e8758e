"""Templates of the web application and of the plugins' screens, in every language."""

import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup, escape

from cms.admin import filters
from cms.admin.assets import asset
from cms.admin.translating import LANGUAGES, Words
from cms.kernel.registry import Registry

HERE = Path(__file__).parent


class Templates:
    """One environment for each language. The host's templates have names such as
    `frame/page.html`; those of a plugin begin with its slug."""

    def __init__(self, registry: Registry) -> None:
        folders = {p.slug: folder_of(p.screens) for p in registry.plugins if p.screens}
        folders = {slug: path for slug, path in folders.items() if path != HERE}
        words = [path / "translations" for path in (HERE, *folders.values())]
        loader = ChoiceLoader([FileSystemLoader(HERE / "templates"), _of_plugins(folders)])
        self._words = {language: Words(language, words) for language in LANGUAGES}
        self._environments = {
            language: _environment(loader, self._words[language]) for language in LANGUAGES
        }

    def words(self, language: str) -> Words:
        return self._words[language]

    def render(self, template: str, words: Words, facts: Mapping[str, Any]) -> str:
        """The page. A name that no fact has is an error at once (StrictUndefined)."""
        return self._environments[words.language].get_template(template).render(facts)


def folder_of(screens: str) -> Path:
    """The folder of the package that holds a plugin's screens, without importing it."""
    package = screens.partition(":")[0]
    known = sys.modules.get(package)
    origin = known.__file__ if known else getattr(find_spec(package), "origin", None)
    if origin is None:
        raise LookupError(f"screens must be a package, and {package} is none")
    return Path(origin).parent


def _of_plugins(folders: Mapping[str, Path]) -> BaseLoader:
    return PrefixLoader(
        {slug: FileSystemLoader(path / "templates") for slug, path in folders.items()}
    )


def _environment(loader: BaseLoader, words: Words) -> Environment:
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=True, pgettext=words.pgettext
    )
    made.globals["_"] = _speaking(words)
    made.globals["asset"] = asset
    made.globals["language"] = words.language
    made.filters.update(filters.of(words.language))
    made.filters["told"] = words.told
    made.filters["kind_name"] = words.kind_name
    return made


def _speaking(words: Words) -> Callable[..., Markup]:
    """`_` of templates. Text is text: also one that somebody has typed, such as the name of a type
    of the site's own, holds no markup and formats nothing unless facts are given."""

    def speak(text: str, **facts: Any) -> Markup:
        said = escape(words.gettext(text))
        return said % facts if facts else Markup(said.replace("%%", "%"))  # noqa: S704 - escaped

    return speak
