"""Reads a task file's values by key and kind; whatever is wrong is told in one line.

The line names the file, the key as the user would write it, and what is allowed there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from pytest_smallbench.errors import UsageMistake

Choice = TypeVar("Choice", bound=str)


class Fields:
    """One table of a file. ``where`` is its own key, such as ``verifier.environment``."""

    def __init__(self, file: Path, values: Any, where: str = "") -> None:
        self.file = file
        self.where = where
        self.values: Mapping[str, Any] = values if isinstance(values, Mapping) else {}
        if not isinstance(values, Mapping):
            raise self.wrong("", f"a table is needed, not {_kind(values)}")

    def wrong(self, key: str, what: str) -> UsageMistake:
        name = ".".join(part for part in (self.where, key) if part)
        return UsageMistake(f"{self.file}: {name}: {what}" if name else f"{self.file}: {what}")

    def __contains__(self, key: str) -> bool:
        return self.values.get(key) is not None

    def table(self, key: str) -> Fields:
        """The table of that name, an empty one where there is none."""
        where = f"{self.where}.{key}" if self.where else key
        return Fields(self.file, self.values.get(key, {}), where)

    def tables(self, key: str) -> list[Fields]:
        found = self._list(key)
        where = f"{self.where}.{key}" if self.where else key
        return [Fields(self.file, value, f"{where}[{at}]") for at, value in enumerate(found)]

    def text(self, key: str, default: str = "") -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, f"a text is needed, not {_kind(value)}")
        if "\0" in value:
            raise self.wrong(key, "a text must not hold the character NUL")
        return value

    def needed(self, key: str) -> str:
        value = self.text(key)
        if not value.strip():
            raise self.wrong(key, "is missing or empty; give it a text")
        return value

    def user(self, key: str) -> str:
        """A user's name or number, as a text."""
        value = self.values.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return str(value)
        return self.text(key) if value is not None else ""

    def number(self, key: str, default: float | None = None) -> float | None:
        value = self.values.get(key, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, f"a number is needed, not {_kind(value)}")
        if not math.isfinite(value) or value < 0:
            raise self.wrong(key, f"a number from 0 up is needed, not {value}")
        return float(value)

    def seconds(self, key: str, default: float) -> float:
        """A time that something may take."""
        value = cast(float, self.number(key, default))
        if value == 0:
            raise self.wrong(key, "a time of more than 0 seconds is needed")
        return value

    def count(self, key: str) -> int | None:
        value = self.number(key)
        if value is not None and value != int(value):
            raise self.wrong(key, f"a whole number is needed, not {value}")
        return None if value is None else int(value)

    def choice(self, key: str, allowed: Sequence[Choice], default: Choice | None) -> Choice | None:
        if key not in self:
            return default
        value = self.text(key)
        if value not in allowed:
            raise self.wrong(key, f"{value!r} is not one of {', '.join(allowed)}")
        return cast(Choice, value)

    def flag(self, key: str) -> bool | None:
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, f"true or false is needed, not {_kind(value)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self._each_text(key))

    def _each_text(self, key: str) -> Iterator[str]:
        for at, value in enumerate(self._list(key)):
            if not isinstance(value, str):
                raise self.wrong(f"{key}[{at}]", f"a text is needed, not {_kind(value)}")
            yield value

    def mapping(self, key: str) -> dict[str, str]:
        """A table of texts, such as environment variables."""
        table = self.table(key)
        return {name: table.text(name) for name in table.values}

    def _list(self, key: str) -> list[Any]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, f"a list is needed, not {_kind(value)}")
        return value


def _kind(value: Any) -> str:
    names = {bool: "true or false", dict: "a table", list: "a list", str: "a text"}
    return names.get(type(value), f"{value!r}"[:60])
