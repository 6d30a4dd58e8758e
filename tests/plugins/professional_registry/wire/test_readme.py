"""The README names every fault and every source, and its settings are accepted."""

import re
import tomllib
from pathlib import Path

import msgspec

from plugins import professional_registry
from plugins.professional_registry import sources
from plugins.professional_registry.settings import RegistrySettings
from plugins.professional_registry.wire import Fault

TEXT = (Path(professional_registry.__file__).parent / "README.md").read_text()


def test_every_fault_and_every_source_is_named():
    online = [source.name for source in sources.online(RegistrySettings())]
    assert [name for name in (*Fault, *online) if f"`{name}`" not in TEXT] == []


def test_the_settings_of_the_readme_are_accepted():
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    (facts,) = tomllib.loads(example)["plugins"].values()
    settings = msgspec.convert(facts, RegistrySettings)
    names = tuple(name for order in settings.providers.values() for name in order)
    assert [source.name for source in sources.named(settings, names)] == list(names)
    assert sources.online(settings)[0]._line.bucket.per_second == 1.5
