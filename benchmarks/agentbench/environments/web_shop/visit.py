"""Where an agent stands in the shop, and how a search or a click moves it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias

Place: TypeAlias = Literal[
    "search", "results", "item", "description", "features", "reviews", "done"
]


@dataclass(slots=True)
class Visit:
    """The whole state of a task. ``number`` is the page of results from 1, ``asin`` the product
    looked at or bought (in lower case), ``options`` the chosen values by option name."""

    place: Place = "search"
    keywords: str = ""
    number: int = 1
    asin: str = ""
    options: dict[str, str] = field(default_factory=dict)

    def dump(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def load(cls, text: str) -> Visit:
        return cls(**json.loads(text))
