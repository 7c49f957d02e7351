"""What holds in every room: what fits in what, and where things are washed, heated, cooled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pytest_smallbench.errors import UsageMistake

from ..published_lines import mapping, texts
from .storage import CAN_CONTAIN

FILE_NAME = "house_rules.json"


@dataclass(frozen=True)
class Rules:
    """All are types, never names. ``treatments``: clean, heat, cool to the receptacles that
    do it; ``knives``: what slices."""

    can_contain: Mapping[str, frozenset[str]] = field(default_factory=lambda: CAN_CONTAIN)
    treatments: Mapping[str, frozenset[str]] = field(
        default_factory=lambda: {
            "clean": frozenset({"sinkbasin"}),
            "heat": frozenset({"microwave"}),
            "cool": frozenset({"fridge"}),
        }
    )
    knives: frozenset[str] = frozenset({"knife", "butterknife"})

    def fits(self, receptacle: str, thing: str) -> bool:
        return thing in self.can_contain.get(receptacle, frozenset())


def open_rules(folder: Path | None) -> Rules:
    """The rules of a data set's folder, or our own where it has none. Raises UsageMistake."""
    path = folder / FILE_NAME if folder else None
    if path is None or not path.exists():
        return Rules()
    try:
        raw = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageMistake(f"{path}: cannot be read: {error}") from None
    if not isinstance(raw, Mapping):
        raise UsageMistake(f"{path}: must hold a JSON object")
    where = str(path)
    table = mapping(raw, "can_contain", where)
    return Rules(
        {name: frozenset(texts(table, name, f"{where}: can_contain")) for name in table},
        {verb: frozenset(texts(raw, f"{verb}_at", where)) for verb in ("clean", "heat", "cool")},
        frozenset(texts(raw, "slice_with", where)),
    )
