"""The bundled vocabulary (vocabulary.txt), parsed: types, relations with phrases, attributes."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from importlib import resources

_TYPE = re.compile(r'(\S+)\s+"(.+)"')
_PAIR = re.compile(r"(\S+)\s+(\w+)\s+=\s+(.+?)\s+\|\s+(\S+)\s+(\w+)\s+=\s+(.+)")
_ATTRIBUTE = re.compile(r"(\S+)\s+(\w+)\s+:\s+(int|float|date)\s+=\s+(.+?)\s+\|\s+(.+)")


@dataclass(frozen=True)
class Link:
    """A relation of the vocabulary. ``phrase`` names its objects, given ``{}``."""

    name: str
    domain: str
    range: str
    reverse: str
    phrase: str


@dataclass(frozen=True)
class Measure:
    """An attribute. ``greatest`` and ``least`` say in words what argmax and argmin find."""

    name: str
    domain: str
    kind: str
    greatest: str
    least: str


@dataclass(frozen=True)
class Vocabulary:
    """``types`` maps each type to its plural noun; ``links`` holds both of each pair."""

    types: dict[str, str]
    links: tuple[Link, ...]
    measures: tuple[Measure, ...]

    def links_from(self, type: str) -> tuple[Link, ...]:
        return self._by_domain[type]

    def measure_of(self, type: str) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if measure.domain == type)

    @functools.cached_property
    def _by_domain(self) -> dict[str, tuple[Link, ...]]:
        return {t: tuple(link for link in self.links if link.domain == t) for t in self.types}


@functools.cache
def vocabulary() -> Vocabulary:
    """The bundled vocabulary, in the order of its file."""
    text = resources.files(__package__).joinpath("vocabulary.txt").read_text("utf-8")
    types: dict[str, str] = {}
    links: list[Link] = []
    measures: list[Measure] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if match := _TYPE.fullmatch(line):
            types[match[1]] = match[2]
        elif match := _ATTRIBUTE.fullmatch(line):
            domain, name, kind, greatest, least = match.groups()
            measures.append(Measure(f"{domain}.{name}", domain, kind, greatest, least))
        elif match := _PAIR.fullmatch(line):
            links += _pair(*match.groups())
        else:
            raise ValueError(f"vocabulary.txt: no relation, attribute or type: {line}")
    return Vocabulary(types, tuple(links), tuple(measures))


def _pair(
    domain: str, name: str, phrase: str, range: str, reverse: str, reverse_phrase: str
) -> tuple[Link, Link]:
    forth, back = f"{domain}.{name}", f"{range}.{reverse}"
    return (
        Link(forth, domain, range, back, phrase),
        Link(back, range, domain, forth, reverse_phrase),
    )
