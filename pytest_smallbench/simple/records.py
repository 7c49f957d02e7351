"""A task of a simple benchmark as its file has it: the fields that all have, checked.

``id`` and ``instruction`` are texts, ``reference`` is a list of calls ``{"name": ...,
"arguments": {...}}``; ``category``, ``tags``, ``split``, ``max_steps`` and ``timeout_s`` may be
given. What other fields there must be, the benchmark says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pytest_smallbench.errors import UsageMistake

Fields = Mapping[str, "type | tuple[type, ...]"]

NEEDED: Fields = {"id": str, "instruction": str, "reference": list}
ALLOWED: Fields = {
    "category": str,
    "tags": list,
    "split": str,
    "max_steps": int,
    "timeout_s": (int, float),
}
KINDS = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


def read(pairs: Iterable[tuple[str, object]], own: Fields, source: str) -> list[dict[str, Any]]:
    """The records in (where, parsed JSON) pairs. Raises UsageMistake with file, line, field."""
    first: dict[str, str] = {}
    records = []
    for where, raw in pairs:
        record = checked(raw, where, own)
        if record["id"] in first:
            raise UsageMistake(
                f"{where}: field 'id': {record['id']!r} is already that of {first[record['id']]}"
            )
        first[record["id"]] = where
        records.append(record)
    if not records:
        raise UsageMistake(f"dataset {source} is empty: it holds no record")
    return records


def checked(raw: object, where: str, own: Fields) -> dict[str, Any]:
    """``own`` are the fields that the benchmark needs besides, with their types."""
    if not isinstance(raw, Mapping):
        raise UsageMistake(f"{where}: a record must be a JSON object, this is {raw!r:.40}")
    record = dict(raw)
    for name, kind in {**NEEDED, **own}.items():
        if name not in record:
            known = ", ".join(sorted(map(str, record))[:12]) or "nothing"
            raise UsageMistake(f"{where}: field {name!r} is missing; the record has {known}")
        _check(record[name], kind, name, where)
    for name, kind in ALLOWED.items():
        if record.get(name) is not None:
            _check(record[name], kind, name, where)
    _check_contents(record, where)
    return record


def _check_contents(record: Mapping[str, Any], where: str) -> None:
    if not record["id"].strip() or not record["id"].isprintable():
        raise UsageMistake(f"{where}: field 'id' must be a printable text, not {record['id']!r}")
    for tag in record.get("tags") or ():
        if not isinstance(tag, str) or not tag.isidentifier():
            raise UsageMistake(
                f"{where}: field 'tags': {tag!r} is no name that pytest -m takes: use letters, "
                "digits and _"
            )
    for number, call in enumerate(record["reference"], start=1):
        if not _is_call(call):
            raise UsageMistake(
                f"{where}: field 'reference': call {number} is not "
                '{"name": "TOOL", "arguments": {...}}'
            )


def _is_call(call: object) -> bool:
    return (
        isinstance(call, Mapping)
        and isinstance(call.get("name"), str)
        and isinstance(call.get("arguments", {}), Mapping)
    )


def _check(value: object, kind: type | tuple[type, ...], name: str, where: str) -> None:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    # JSON's true is no number, though Python's is.
    fits = isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
    if not fits:
        wanted = KINDS.get(kinds[-1], kinds[-1].__name__)
        raise UsageMistake(f"{where}: field {name!r} must be {wanted}, this is {value!r:.40}")
