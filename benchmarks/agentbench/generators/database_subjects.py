"""What generated tables are about: subjects, their columns, and words to fill them with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Column:
    """A column of a generated table.

    ``text`` columns draw from ``pool``; ``number`` columns from ``low`` to ``high``, with
    ``tenths`` as one decimal; ``unit`` stands behind a number where the difficulty has units.
    """

    name: str
    kind: Literal["key", "text", "number"]
    pool: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    unit: str = ""
    tenths: bool = False

    @property
    def is_year(self) -> bool:
        return self.low >= 1850 and self.high < 2100


@dataclass(frozen=True)
class Subject:
    """A kind of thing: ``one`` and ``many`` are its noun; the first column is its name."""

    one: str
    many: str
    table: str
    columns: tuple[Column, ...]


def _key(name: str = "Name") -> Column:
    return Column(name, "key")


def _text(name: str, pool: str) -> Column:
    return Column(name, "text", tuple(word.strip() for word in pool.split(",")))


def _number(name: str, low: int, high: int, unit: str = "", tenths: bool = False) -> Column:
    return Column(name, "number", (), low, high, unit, tenths)


_TOWNS = "Port Alma, Greyford, Linmouth, Eastholm, Sandvik, Tarn Bridge, Oldwick, Marram Bay"
_LANDS = "Norway, Chile, Portugal, Japan, Kenya, Canada, Estonia, Uruguay"
_YEARS = (1850, 2023)

SUBJECTS = (
    Subject("lighthouse", "lighthouses", "Lighthouse Register", (
        _key(), _text("Country", _LANDS), _text("Tower shape", "round, square, octagonal, conical"),
        _number("Year built", *_YEARS), _number("Height", 9, 95, " m"),
        _number("Range", 6, 32, " nmi"), _number("Steps", 40, 2400),
    )),
    Subject("bridge", "bridges", "Bridges", (
        _key("Bridge"), _text("Town", _TOWNS),
        _text("Type", "arch, beam, suspension, cable-stayed"),
        _number("Opened", *_YEARS), _number("Length", 120, 9800, " m"),
        _number("Daily traffic", 300, 99000), _text("Material", "steel, stone, concrete, timber"),
    )),
    Subject("orchestra", "orchestras", "orchestra_list", (
        _key("Orchestra"), _text("City", _TOWNS), _text("Country", _LANDS),
        _number("Founded", *_YEARS), _number("Musicians", 18, 130),
        _number("Concerts (2023)", 8, 190), _number("Subscribers", 250, 48000),
    )),
    Subject("vineyard", "vineyards", "Vineyards & Estates", (
        _key("Estate"), _text("Country", _LANDS),
        _text("Main grape", "Riesling, Malbec, Syrah, Pinot Noir"),
        _number("Area", 2, 900, " ha"), _number("Bottles a year", 1500, 950000),
        _number("Rating", 50, 99, tenths=True), _text("Soil", "clay, chalk, slate, sand"),
    )),
    Subject("observatory", "observatories", "Observatories", (
        _key(), _text("Country", _LANDS),
        _text("Instrument", "refractor, reflector, radio dish, spectrograph"),
        _number("Altitude", 30, 5600, " m"), _number("Aperture", 4, 120, " m", tenths=True),
        _number("First light", 1890, 2023), _number("Nights used", 40, 340),
    )),
    Subject("ferry", "ferries", "ferry_fleet", (
        _key("Vessel"), _text("Home port", _TOWNS),
        _text("Operator", "Blue Line, Northlink, Fjord Express, Isle Lines"),
        _number("Launched", 1950, 2023), _number("Passengers", 60, 3200),
        _number("Cars", 4, 900), _number("Speed", 90, 380, " kn", tenths=True),
    )),
    Subject("bakery", "bakeries", "Bakery Awards", (
        _key("Bakery"), _text("Town", _TOWNS),
        _text("Speciality", "sourdough, croissants, rye bread, cinnamon buns"),
        _number("Score", 50, 99, tenths=True), _number("Loaves a week", 300, 12500),
        _number("Opened", 1900, 2023),
        _text("Owner", "A. Holm, B. Sato, C. Vidal, D. Njoroge, E. Kask"),
    )),
    Subject("marathon", "marathons", "Marathon Results", (
        _key("Race"), _text("City", _TOWNS), _text("Surface", "road, trail, mixed, track"),
        _number("Finishers", 90, 46000), _number("First held", 1950, 2023),
        _number("Prize money", 500, 250000, " EUR"),
        _text("Month", "March, May, September, October"),
    )),
    Subject("cable car", "cable cars", "Cable Cars (World)", (
        _key("Line"), _text("Country", _LANDS),
        _text("Maker", "Alpina, Ropeway Ltd, Seilbau, Teleferico SA"),
        _number("Length", 300, 7400, " m"), _number("Height gained", 80, 2100, " m"),
        _number("Cabins", 2, 160), _number("Opened", 1920, 2023),
    )),
    Subject("library", "libraries", "public_libraries", (
        _key("Library"), _text("Town", _TOWNS),
        _text("Style", "modern, gothic, baroque, brutalist"),
        _number("Volumes", 2500, 980000), _number("Members", 120, 64000),
        _number("Founded", *_YEARS), _number("Branches", 1, 38),
    )),
    Subject("chess player", "chess players", "Chess Ratings", (
        _key("Player"), _text("Federation", _LANDS), _text("Title", "GM, IM, FM, CM"),
        _number("Rating", 1900, 2850), _number("Games", 20, 1900),
        _number("Born", 1950, 2012), _text("Club", "Rook's End, Castle, Open File, Zugzwang"),
    )),
    Subject("glacier", "glaciers", "Glacier Survey", (
        _key("Glacier"), _text("Country", _LANDS),
        _text("Trend", "retreating, stable, advancing, unknown"),
        _number("Length", 9, 620, " km", tenths=True), _number("Area", 2, 990, " km²"),
        _number("Surveyed", 1950, 2023), _number("Thickness", 15, 900, " m"),
    )),
)  # fmt: skip

FIRST = (
    "Amber", "Birch", "Cinder", "Dove", "Ember", "Falcon", "Granite", "Heron", "Ivory", "Juniper",
    "Kestrel", "Lark", "Marble", "North", "Otter", "Pine", "Quill", "Raven", "Silver", "Thistle",
    "Umber", "Violet", "Willow", "Yarrow",
)  # fmt: skip
SECOND = (
    "Bay", "Crest", "Dale", "End", "Field", "Gate", "Harbour", "Isle", "Knoll", "Ledge", "Moor",
    "Ness", "Orchard", "Point", "Quay", "Ridge", "Shore", "Tor", "Vale", "Wharf",
)  # fmt: skip
"""The names of things are one of FIRST and one of SECOND: 480 of them."""
