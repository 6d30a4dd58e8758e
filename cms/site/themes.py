"""Themes: folders of templates that draw pages from presented facts, and never see the database.

A theme is a folder with `theme.toml`, templates (`*.html`), `words/<language>.toml` and `assets/`.
"""

import hashlib
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import msgspec
import structlog
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from cms.errors import CmsError, SetupError

log = structlog.get_logger()

DEFAULT = "default"
MANIFEST = "theme.toml"
ASSETS = "/theme"
KINDS: Mapping[str, str] = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
"""The files of a theme that readers get. Scripts are not among them: no page of a site runs any."""

_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_FALLBACK = "en"


class ThemeFault(CmsError):
    """The page could not be drawn. Readers learn no more than that."""

    slug = "theme-fault"

    def __init__(self, template: str, line: int, reason: str) -> None:
        super().__init__("This page cannot be shown at the moment. The site has been told.")
        self.template, self.line, self.reason = template, line, reason


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `theme.toml` says. `menus` and `sidebars` are places by name, with what people call
    them; `templates` names the file for single texts of a post type; `card_fields` are the computed
    fields of REST that lists of texts show beside title and excerpt; `front_types` are the types
    whose newest texts stand on the front page, where the site has them."""

    name: str
    version: str
    author: str = ""
    description: str = ""
    menus: dict[str, str] = {}
    sidebars: dict[str, str] = {}
    templates: dict[str, str] = {}
    card_fields: list[str] = []
    front_types: list[str] = msgspec.field(default_factory=lambda: ["post"])


@dataclass(frozen=True)
class Asset:
    """A file of a theme, as readers get it."""

    body: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits of the SHA-256: another file has another address."""
        return hashlib.sha256(self.body).hexdigest()[:12]


@dataclass(frozen=True)
class Theme:
    """A theme as it was read from its folder; `beside` are folders whose templates stand behind
    its own."""

    slug: str
    folder: Path
    manifest: Manifest
    words: Mapping[str, Mapping[str, str]]
    assets: Mapping[str, Asset]
    beside: tuple[Path, ...] = field(default=())

    @cached_property
    def environment(self) -> ImmutableSandboxedEnvironment:
        """Templates read facts and call nothing that changes anything; a name that nobody gave is
        an error, not an empty place in the page."""
        made = ImmutableSandboxedEnvironment(
            loader=ChoiceLoader([FileSystemLoader(one) for one in (self.folder, *self.beside)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        for name in ("lipsum", "cycler", "joiner"):
            made.globals.pop(name)
        return made

    def address(self, name: str) -> str:
        """Where readers get a file of the theme; it may stay in their cache for ever."""
        return f"{ASSETS}/{self.slug}/{self.assets[name].digest}/{name}"

    def says(self, language: str) -> "Words":
        """The theme's own words in a language such as pt-BR, else in English."""
        return Words({**self.words[_FALLBACK], **self.words.get(language[:2].lower(), {})})

    def template_of(self, post_type: str) -> str:
        return self.manifest.templates.get(post_type, "single.html")

    def draw(self, template: str, facts: Mapping[str, Any]) -> str:
        """The page. ThemeFault, with the place in the log, when its template fails."""
        try:
            return self.environment.get_template(template).render(facts)
        except Exception as error:
            fault = self._fault(template, error)
            log.error(
                "theme failed",
                theme=self.slug,
                template=fault.template,
                line=fault.line,
                reason=fault.reason,
            )
            raise fault from error

    def _fault(self, template: str, error: Exception) -> ThemeFault:
        if isinstance(error, TemplateSyntaxError):
            return ThemeFault(error.name or template, error.lineno, error.message or "")
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename.endswith(".html")
        ]
        # Never the values of a frame, only where it stands and what kind of error it is.
        reason = f"{type(error).__name__}: {error}"[:200]
        if not frames:
            return ThemeFault(template, 0, reason)
        return ThemeFault(Path(frames[-1].filename).name, frames[-1].lineno or 0, reason)

    def faults(self) -> list[str]:
        """Templates that cannot be read, each with file and line."""
        found = []
        for name in self.environment.list_templates(extensions=["html"]):
            try:
                self._read(name)
            except TemplateSyntaxError as error:
                found.append(f"{error.name}:{error.lineno}: {error.message}")
        return found

    def _read(self, name: str) -> None:
        """Raises TemplateSyntaxError. What could be read before, and is the same, is not again."""
        loader = self.environment.loader
        if loader is None:
            return
        source, file, _ = loader.get_source(self.environment, name)
        if (file, hash(source)) not in _SOUND:
            self.environment.parse(source, name, file)
            _SOUND.add((file, hash(source)))


_SOUND: set[tuple[str | None, int]] = set()


@dataclass(frozen=True)
class Words:
    """The words of a theme in one language."""

    known: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The words of this key with their places filled; KeyError for a key that nobody wrote."""
        return self.known[key].format(**values)

    def count(self, key: str, number: int) -> str:
        """`key.one` for one thing, `key.many` for any other number, with `{n}` in it."""
        return self(f"{key}.{'one' if number == 1 else 'many'}", n=number)

    def day(self, moment: Any) -> str:
        """A day as people write it, such as 21 de novembro de 2026; `moment` is a date, or one in
        ISO 8601 as REST writes it."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
        return self("date", day=moment.day, month=self._month(moment), year=moment.year)

    def period(self, since: Any, month: object, day: object) -> str:
        """The day, the month or the year that begins then."""
        if day:
            return self.day(since)
        if month:
            return self("month", month=self._month(since), year=since.year)
        return str(since.year)

    def _month(self, moment: Any) -> str:
        number: int = moment.month
        return self.known["months"].split()[number - 1]


def stored(html: str) -> Markup:
    """HTML that was cleaned when it was stored, or made by the product: pages show it as it is. All
    else is text, which templates escape."""
    return Markup(html)  # noqa: S704


def find(slug: str, data: Path, *beside: Path) -> Theme:
    """The theme of this name: one of the installation's own, in `themes/` below its data directory,
    or one that came with the product. SetupError when there is none, or it cannot be read."""
    for folder in places(data) if _NAME.fullmatch(slug) else ():
        if (folder / slug / MANIFEST).is_file():
            return _opened(folder / slug, _stamp(folder / slug, *beside), beside)
    known = ", ".join(sorted(names(data)))
    raise SetupError(f"there is no theme {slug!r:.60}; there are: {known}")


def chosen(slug: str, data: Path, *beside: Path) -> Theme:
    """The theme that a site has chosen, or the default one while that cannot be used: a page in
    plain dress is worth more to a reader than none. The log says what is wrong."""
    try:
        return find(slug, data, *beside)
    except SetupError as error:
        log.error("theme cannot be used", theme=slug, reason=error.message)
        return find(DEFAULT, data, *beside)


def names(data: Path) -> list[str]:
    """The themes that a site can choose."""
    found = {path.parent.name for folder in places(data) for path in folder.glob(f"*/{MANIFEST}")}
    return sorted(name for name in found if _NAME.fullmatch(name))


def places(data: Path) -> tuple[Path, ...]:
    return data / "themes", home()


def home() -> Path:
    """The themes beside the package, or inside it when it was installed from a wheel."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_themes"
    return inside if inside.is_dir() else package.parent / "themes"


def _stamp(*folders: Path) -> int:
    """Changes with any file of a theme, so that what people edit is seen at the next page."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    told = ((str(path), path.stat()) for path in files)
    return hash(frozenset((name, stat.st_mtime_ns, stat.st_size) for name, stat in told))


@lru_cache(maxsize=32)
def _opened(folder: Path, stamp: int, beside: tuple[Path, ...]) -> Theme:  # noqa: ARG001
    try:
        manifest = msgspec.toml.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        words = {path.stem: _words(path) for path in sorted((folder / "words").glob("*.toml"))}
    except (msgspec.MsgspecError, ValueError, OSError) as error:
        raise SetupError(f"the theme in {folder} cannot be read: {error}") from error
    default = home() / DEFAULT
    assets = _assets(folder)
    if folder == default:
        return Theme(folder.name, folder, manifest, words, assets, beside)
    # What a theme leaves out it has from the default one.
    base = find(DEFAULT, default.parent)
    words = {
        name: {**base.words.get(name, {}), **words.get(name, {})} for name in {*base.words, *words}
    }
    assets = {**base.assets, **assets}
    return Theme(folder.name, folder, manifest, words, assets, (default, *beside))


def _words(path: Path) -> dict[str, str]:
    words: dict[str, str] = msgspec.toml.decode(path.read_bytes(), type=dict[str, str])
    return words


def _assets(folder: Path) -> dict[str, Asset]:
    return {
        path.name: Asset(path.read_bytes(), KINDS[path.suffix])
        for path in sorted((folder / "assets").glob("*"))
        if path.suffix in KINDS and _FILE.fullmatch(path.name)
    }
