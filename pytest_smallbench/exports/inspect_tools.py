"""Tools as inspect describes them: the part of JSON schema that its reader knows.

Its reader refuses a whole log for one schema that it does not expect; tools may be anybody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_smallbench.reports.events import Data, items, plain

TYPES = ("string", "integer", "number", "boolean", "array", "object", "null")
TEXTS = ("format", "description", "pattern")
NUMBERS = ("minimum", "maximum")
COUNTS = ("minLength", "maxLength")
DEPTH = 20


def tool(described: Data) -> dict[str, Any]:
    parameters = described.get("parameters")
    schema = _schema(parameters) if isinstance(parameters, Mapping) else {}
    kept = ("properties", "required", "additionalProperties")
    return {
        "name": plain(described.get("name")),
        "description": plain(described.get("description")),
        "parameters": {"type": "object", **{name: schema[name] for name in kept if name in schema}},
    }


def _schema(value: object, depth: int = DEPTH) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not depth:
        return {}
    found = {name: value[name] for name in TEXTS if isinstance(value.get(name), str)}
    found |= {name: value[name] for name in NUMBERS if isinstance(value.get(name), int | float)}
    found |= {name: value[name] for name in COUNTS if isinstance(value.get(name), int)}
    found |= {name: list(value[name]) for name in ("enum", "examples") if items(value.get(name))}
    found |= {"default": value["default"]} if "default" in value else {}
    found |= {"required": [plain(each) for each in items(value.get("required"))]}
    return {**found, **_kind(value.get("type")), **_parts(value, depth - 1)}


def _kind(value: object) -> dict[str, Any]:
    if isinstance(value, str):
        return {"type": value} if value in TYPES else {}
    kinds = [each for each in items(value) if each in TYPES]
    return {"type": kinds} if kinds else {}


def _parts(value: Data, depth: int) -> dict[str, Any]:
    """The schemas within this one."""
    found: dict[str, Any] = {}
    if isinstance(properties := value.get("properties"), Mapping):
        found["properties"] = {plain(k): _schema(each, depth) for k, each in properties.items()}
    if isinstance(value.get("items"), Mapping):
        found["items"] = _schema(value["items"], depth)
    if choices := items(value.get("anyOf")):
        found["anyOf"] = [_schema(each, depth) for each in choices]
    more = value.get("additionalProperties")
    if isinstance(more, bool):
        found["additionalProperties"] = more
    elif isinstance(more, Mapping):
        found["additionalProperties"] = _schema(more, depth)
    return found
