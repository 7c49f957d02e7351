"""db: data/dbbench/{dev,standard}.jsonl (branches v0.2 and main)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .original import Raw, broken, line_records, text, texts

ROOM = "dbbench"
MUTATIONS = ("INSERT", "UPDATE", "DELETE")


def convert(data: Path) -> dict[str, list[Raw]]:
    """Records by split."""
    found: dict[str, list[Raw]] = {}
    for split in ("dev", "standard"):
        path = data / ROOM / f"{split}.jsonl"
        if path.is_file():
            found[split] = [
                {"id": f"db-{split}-{number:03d}", "split": split, **_record(raw, where)}
                for number, (where, raw) in enumerate(line_records(path))
            ]
    return found


def _record(raw: Raw, where: str) -> dict[str, Any]:
    kind = texts(raw, "type", where)[0]
    mutates = kind in MUTATIONS
    label = texts(raw, "label", where)
    query = raw["sql"].get("query") if isinstance(raw.get("sql"), Mapping) else None
    gold = label if mutates else [query] if query else []
    return {
        "type": kind,
        "category": kind if mutates else "SELECT",
        "source": raw.get("source", ""),
        "question": text(raw, "description", where),
        "table_hint": text(raw, "add_description", where),
        "table": _table(raw, where),
        "gold_sql": gold,
        "answer": None if mutates else label,
        "recorded_md5": _recorded_md5(raw, where) if mutates else None,
        "fixed_upstream_after_v02": False,
        "duplicate_column_renamed": False,
        "check": {},
        "gold_sql_repaired": None,
    }


def _table(raw: Raw, where: str) -> dict[str, Any]:
    table = raw.get("table")
    info = table.get("table_info") if isinstance(table, Mapping) else None
    if not isinstance(table, Mapping) or not isinstance(info, Mapping):
        broken(where, "table", "an object with table_name and table_info")
    columns, rows = info.get("columns"), info.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        broken(where, "table.table_info", "an object with columns and rows")
    return {
        "name": text(table, "table_name", where),
        "columns": [str(column["name"]) for column in columns],
        "declared_types": [str(column.get("type", "TEXT")) for column in columns],
        "rows": [[value if value is None else str(value) for value in row] for row in rows],
    }


def _recorded_md5(raw: Raw, where: str) -> str | None:
    """The hash in ``answer_md5``, which is the text of a list of one row: [('<md5>',)]."""
    given = raw.get("answer_md5")
    if given is None:
        return None
    match = re.search(r"[0-9a-f]{32}", str(given))
    if match is None:
        broken(where, "answer_md5", "the text of a row with an MD5 hash")
    return match[0]
