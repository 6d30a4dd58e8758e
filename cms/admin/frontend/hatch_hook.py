"""The wheel carries the built scripts and styles, which git does not."""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):  # type: ignore[misc,type-arg,unused-ignore]
    """Builds them before files are collected. An editable installation needs none of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if version != "editable":
            runpy.run_path(str(Path(__file__).with_name("build.py")))["build"]()
