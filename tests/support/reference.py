"""Writes the generated pages of docs/reference; `python -m tests.support.reference`."""

import inspect
import re
from collections.abc import Iterable
from pathlib import Path

import click

from cms import core
from cms.cli import cms
from cms.fields.catalogue import catalogue
from cms.kernel.declarations import RestField
from cms.kernel.events import Event
from cms.kernel.plugin import Plugin
from cms.kernel.registry import Registry, installed
from cms.settings import Settings
from tests.support import field_reference, journey_reference

HOME = Path(__file__).resolve().parents[2] / "docs" / "reference"

# What each setting means; a setting that is missing here fails the test.
SETTINGS = {
    "data_dir": "Folder for the embedded database, keys, demo logins and signed heads.",
    "database_url": "PostgreSQL address of the requests' (or the worker's) login. Empty: embedded.",
    "database_owner_url": "Address of the owner, for migrations and verification.",
    "audit_database_url": "PostgreSQL address of a database for the audit trail alone. Empty: the "
    "same database.",
    "audit_database_owner_url": "Address of its owner, for migrations and verification.",
    "secret_key_file": "File with at least 32 random bytes. Empty: made in the data folder.",
    "platform_key_file": "File with 64 hexadecimal digits: the key that wraps those of tenants, "
    "without which nothing sealed can be opened. Empty: made in the data folder.",
    "host": "Address to listen on.",
    "port": "Port to listen on.",
    "workers": "Processes that serve requests, of `cms serve`.",
    "site_url": "Where people reach the site, if not on host and port; links begin with it.",
    "trusted_proxies": "Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed, with "
    "commas between.",
    "log_format": "`text` or `json`.",
    "media_storage": "Where uploads lie: a folder, or `s3://bucket/prefix?endpoint=…&region=…`, "
    "the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Empty: in the data folder.",
    "media_url": "Address under which readers get uploads, such as a content delivery network in "
    "front of `/wp-content/uploads`. Empty: the site itself.",
    "media_max_bytes": "The largest upload.",
    "media_max_pixels": "The most pixels of a picture; larger ones are refused before decoding.",
    "smtp_url": "The mail server for notices and alerts: `smtp://login:password@host:587` "
    "(STARTTLS) or `smtps://…:465`. Empty: nothing is mailed.",
    "mail_from": "The address that letters come from.",
    "media_formats": "Newer formats that every size of a picture is made in: `webp`, `avif`.",
    "enabled": "Plugins to enable, with commas between.",
    "plugins": "Settings of plugins; only in cms.toml, as `[plugins.<slug>]`.",
}


def everything() -> Registry:
    """The host with all bundled plugins."""
    return Registry([core.plugin, *installed().values()])


def pages() -> dict[str, str]:
    """File name to text."""
    registry = everything()
    return {
        "actions.md": _actions(registry),
        "audit-tags.md": _events(registry),
        "capabilities.md": _capabilities(registry),
        "settings.md": _settings(registry),
        "commands.md": _commands(),
        "hooks.md": _hooks(registry),
        "fields.md": _fields(registry),
        "field-types.md": _field_types(registry),
        "policies.md": _policies(registry),
        "journeys.md": _journeys(),
    }


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    listed = list(heads)
    lines = [f"| {' | '.join(listed)} |", f"| {' | '.join('---' for _ in listed)} |"]
    lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(str(text).replace("|", "\\|").split())


def _page(title: str, about: str, *parts: str) -> str:
    note = "*Generated from the code by `make docs`; a test fails when it is out of date.*"
    return "\n".join([f"# {title}", "", about, "", note, "", *parts])


def _actions(registry: Registry) -> str:
    rows = (
        (f"`{a.name}`", a.resource, f"`{a.capability}`" if a.capability else "–", f"`{a.tag}`",
         "yes" if a.reads else "", a.summary)
        for a in registry.actions
    )  # fmt: skip
    about = (
        "Each thing that can be done: the name that policies use, the capability that WordPress "
        "would ask for, and the audit tag."
    )
    heads = ("action", "resource", "capability", "audit tag", "reads", "what it is")
    return _page("Actions", about, _table(heads, rows))


def _events(registry: Registry) -> str:
    rows = (
        (f"`{e.tag}`", f"`{e.__name__}`", _first(e), ", ".join(f"`{t}`" for t in e.covers) or "–",
         str(e.risk), ", ".join(e.outcomes), str(e.data), f"`{e.basis}`", f"`{e.purpose}`",
         _whom(e))
        for e in sorted(registry.each("events"), key=lambda e: (e.tag, e.__name__))
    )  # fmt: skip
    events = {str(kind.tag) for kind in registry.each("events")}
    attempts = (
        (f"`{a.tag}`", f"`{a.name}`", a.summary)
        for a in sorted(registry.actions, key=lambda a: a.tag)
        if str(a.tag) not in events
    )
    about = (
        "What the audit trail can say. The grammar of a tag is `source:subject:action`; each room "
        "and each plugin has one enumeration of its tags. The legal basis is an article of the "
        "LGPD (`art-11-…` for health data, where no other counts), the purpose a code of the HL7 "
        "v3 value set PurposeOfUse. An event whose facts differ may name another basis."
    )
    heads = ("audit tag", "event", "what happened", "tables it tells of", "risk", "outcomes",
             "data", "legal basis", "purpose", "about whom")  # fmt: skip
    return _page(
        "Events and audit tags", about, _table(heads, rows), "## Tags of actions alone\n",
        "What policies and refusals speak of, and no event of its own tells.\n",
        _table(("audit tag", "action", "what it is"), attempts),
    )  # fmt: skip


def _whom(kind: type[Event]) -> str:
    if kind.data_subject is not Event.data_subject:
        return "the user, where it is one's"
    return f"`{kind.concerns}`" if kind.concerns else "–"


def _first(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n\n")[0]


def _capabilities(registry: Registry) -> str:
    roles = registry.roles
    brought = dict(registry.capabilities)
    names = sorted({c for role in roles.values() for c in role.capabilities} | set(brought))
    rows = (
        (f"`{name}`", brought.get(name, "WordPress"),
         ", ".join(r.name for r in roles.values() if name in r.capabilities))
        for name in names
        if not name.startswith("level_")
    )  # fmt: skip
    listed = _table(
        ("role", "label", "compliance level", "scope"),
        ((f"`{r.name}`", r.label, r.compliance_level, f"`{dict(r.medical_scope)}`" if
          r.medical_scope else "–") for r in roles.values()),
    )  # fmt: skip
    held = _table(("capability", "for", "default roles"), rows)
    return _page("Roles and capabilities", "Default roles, and who holds which capability.",
                 "## Roles\n", listed, "## Capabilities\n", held)  # fmt: skip


def _settings(registry: Registry) -> str:
    defaults = Settings()
    rows = (
        (f"`CMS_{name.upper()}`", f"`{getattr(defaults, name)!r}`", SETTINGS[name])
        for name in Settings.__struct_fields__
    )
    parts = [_table(("environment", "default", "what it is"), rows)]
    for plugin in registry.plugins:
        parts += _plugin_settings(plugin)
    about = "From the environment, or in lower case without `CMS_` from `cms.toml`."
    return _page("Settings", about, *parts)


def _plugin_settings(plugin: Plugin) -> list[str]:
    names = plugin.settings.__struct_fields__
    if not names:
        return []
    defaults = plugin.settings()
    rows = ((f"`{name}`", f"`{getattr(defaults, name)!r}`") for name in names)
    return [f"## `[plugins.{plugin.slug}]`\n", _first(plugin.settings) + "\n",
            _table(("setting", "default"), rows)]  # fmt: skip


def _commands() -> str:
    rows = [(f"`{path}`", command.get_short_help_str(200)) for path, command in _walk(cms, "cms")]
    return _page(
        "Commands", "`cms COMMAND --help` tells the options.", _table(("command", "what"), rows)
    )


def _walk(command: click.Command, path: str) -> Iterable[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        if inner is not None:
            yield from _walk(inner, f"{path} {name}")


def _hooks(registry: Registry) -> str:
    rows = (
        (verb, f"`{hook.key.__name__}`", f"`{hook.name}`", _first(hook.fn))
        for verb, hook in registry.hooks.all()
    )
    about = (
        "The verbs are explained in [the architecture](../explanation/architecture.md). "
        "These functions are registered by the bundled plugins; the event classes are in "
        "[audit-tags.md](audit-tags.md)."
    )
    return _page("Hooks", about, _table(("verb", "class", "function", "what it does"), rows))


def _fields(registry: Registry) -> str:
    rows = (
        (f"`{f.name}`", _types(f), _kind(f), "yes" if f.part else "no",
         ", ".join(f.contexts), f"`{f.argument}`" if f.argument else "")
        for f in registry.each("rest_fields")
    )  # fmt: skip
    heads = ("field", "post types", "type", "can be written", "contexts", "argument of lists")
    about = "Keys that plugins add to posts in the REST API."
    return _page("REST fields", about, _table(heads, rows))


def _types(field: RestField) -> str:
    named = list(field.post_types)
    return ", ".join([*named, *(["every reviewed type"] if field.of_reviewed else [])])


def _kind(field: RestField) -> str:
    kind = field.schema.get("type", "–")
    return kind if isinstance(kind, str) else " or ".join(kind)


def _field_types(registry: Registry) -> str:
    sections = field_reference.parts(catalogue(registry))
    return _page("Types of fields", field_reference.ABOUT, *sections)


def _policies(registry: Registry) -> str:
    parts = []
    for plugin in registry.plugins:
        for rule in plugin.policies:
            text = re.sub(r"^ {8}", "", rule.cedar.strip("\n"), flags=re.M).strip()
            parts.append(
                f"## `{plugin.slug}.{rule.name}`\n\n{rule.about}\n\n```cedar\n{text}\n```\n"
            )
    obligations = _table(
        ("obligation", "what to do"),
        ((f"`{o.name}`", o.remedy) for o in registry.each("obligations")),
    )
    attributes = _table(
        ("attribute of the context", "type", "what it says"),
        ((f"`{a.name}`", a.type, a.about) for a in registry.each("policy_attributes")),
    )
    about = "The policies that stand before a tenant adds its own."
    return _page("Policies", about, *parts, "## Obligations\n", obligations, "## Attributes\n",
                 attributes)  # fmt: skip


def _journeys() -> str:
    parts = []
    for person, listed in journey_reference.sections():
        rows = [
            (f"{name}. {about}".strip(), ways, f"`tests/{where}`")
            for name, about, ways, where in listed
        ]
        parts.append(f"## {person}\n\n{_table(('Journey', 'Also', 'Where'), rows)}")
    return _page(
        "Journeys",
        "What people do in the web application from one end to the other, each walked in a real "
        "browser against a real server. Those in `tests/journeys/people` type one address, "
        "`/admin`, and go on by the menu and the links. A journey fails on any error or warning of "
        "the browser's console and on any request to another host.",
        *parts,
    )


def main() -> None:
    HOME.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (HOME / name).write_text(text)


if __name__ == "__main__":
    main()
