"""The rooms of the plugin know each other in one direction."""

import ast
from pathlib import Path

import plugins.audit_trail.cli

HERE = Path(plugins.audit_trail.cli.__file__).parent
PREFIX = "plugins.audit_trail."


def known_by(room: Path) -> set[str]:
    """The rooms whose modules this room's modules import; commands and routes are doors."""
    found: set[str] = set()
    for path in room.rglob("*.py"):
        if path.name in {"commands.py", "api.py"}:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PREFIX):
                found.add((node.module or "").removeprefix(PREFIX).split(".")[0])
    return {name for name in found if (HERE / name).is_dir()} - {room.name}


def test_no_circle_between_rooms() -> None:
    rooms = {
        room.name: known_by(room) for room in HERE.iterdir() if (room / "__init__.py").exists()
    }
    assert {"heads", "log", "publication"} <= set(rooms)
    while rooms:
        free = [name for name, known in rooms.items() if not known & set(rooms)]
        assert free, f"these rooms go round in a circle: {rooms}"
        for name in free:
            del rooms[name]
