"""A folder of published records: whatever environments are there (see docs/agentbench.md)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_smallbench.contracts import Say
from pytest_smallbench.errors import UsageMistake

from . import parts
from .kinds import KINDS
from .worlds import Record

LANGUAGE = "lang"  # the field of a record that is there in several languages


def read_folder(folder: Path, values: Mapping[str, str], say: Say) -> list[Record]:
    """The records of every environment that the folder has any of. Raises UsageMistake."""
    found: list[Record] = []
    for kind in KINDS.values():
        records = list(parts.reader(kind)(folder))
        if kind.key == "web" and not records:
            say(f"{folder} has no products (web_products.jsonl): the web shop is left out")
        found += [record for record in records if _wanted(record, values)]
    if not found:
        known = ", ".join(f"{key}_*.jsonl" for key in KINDS)
        raise UsageMistake(
            f"--smallbench-dataset={folder}: no published records are in this folder; it may "
            f"hold {known}, each also with .gz"
        )
    return found


def _wanted(record: Record, values: Mapping[str, str]) -> bool:
    language = values["language"]
    return language == "both" or record.data.get(LANGUAGE, language) == language
