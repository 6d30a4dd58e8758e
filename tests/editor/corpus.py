"""Texts that the editor has to keep, with the slices that both parsers cut them into."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "corpus"


def cases() -> list[dict[str, Any]]:
    """Each with `name`, `source`, `slices` (name and text of every top-level piece) and `kinds`:
    what each of them is in the editor, `opaque` being what is kept as it stands."""
    return [
        {**case, "name": f"{path.stem}: {case['name']}"}
        for path in sorted(FOLDER.glob("*.json"))
        for case in json.loads(path.read_text())
    ]
