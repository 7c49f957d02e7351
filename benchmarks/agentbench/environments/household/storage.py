"""What can be kept where in a household: our own table, for data that brings none.

Things come in groups, and a receptacle takes groups; what it does not take of a group it
takes follows a minus sign, what it takes besides stands by itself.
"""

from __future__ import annotations

from collections.abc import Mapping

GROUPS = {
    "food": "apple bread egg lettuce potato tomato",
    "dishes": "bowl cup mug plate",
    "cutlery": "butterknife fork knife ladle spatula spoon",
    "cookware": "kettle pan pot",
    "bottles": "glassbottle winebottle",
    "condiments": "peppershaker saltshaker",
    "pocket": "cellphone creditcard keychain remotecontrol",
    "paper": "book newspaper",
    "writing": "pen pencil",
    "decor": "candle statue vase",
    "electronics": "alarmclock cd laptop watch",
    "wash": "cloth dishsponge handtowel soapbar soapbottle spraybottle",
    "toilet": "tissuebox toiletpaper",
    "sport": "baseballbat basketball tennisracket",
    "garden": "wateringcan",
    "boxes": "box",
}
_SURFACE = "food dishes cutlery cookware bottles condiments pocket paper writing decor electronics"
_TAKES = {
    "armchair": "pocket paper box cloth laptop pillow",
    "bathtubbasin": "cloth dishsponge handtowel soapbar",
    "bed": "paper sport pillow laptop cellphone -newspaper",
    "cabinet": "dishes cookware bottles condiments paper wash toilet ladle candle vase cd box "
    "plunger wateringcan",
    "cart": "wash toilet candle plunger",
    "coffeemachine": "mug",
    "coffeetable": "pocket paper writing decor box bowl plate laptop watch tissuebox wateringcan",
    "countertop": f"{_SURFACE} wash toilet -newspaper -watch",
    "desk": "pocket writing electronics book box bowl mug statue vase basketball tennisracket "
    "cloth tissuebox wateringcan",
    "diningtable": f"{_SURFACE} sport box dishsponge soapbottle spraybottle tissuebox wateringcan",
    "drawer": "cutlery condiments pocket paper writing wash toilet candle cd watch wateringcan",
    "dresser": "pocket paper writing decor electronics box bowl mug plate basketball tennisracket "
    "cloth spraybottle toilet wateringcan",
    "fridge": "food dishes bottles pan pot",
    "garbagecan": "food wash toilet writing cd newspaper winebottle",
    "handtowelholder": "handtowel",
    "laundryhamper": "cloth",
    "microwave": "dishes food glassbottle -lettuce",
    "ottoman": "pocket paper box laptop pillow",
    "safe": "cellphone creditcard keychain cd statue vase watch",
    "shelf": "dishes cookware bottles condiments pocket paper writing decor wash toilet box "
    "alarmclock cd watch wateringcan -pan",
    "sidetable": f"{_SURFACE} wash toilet sport box wateringcan -pan",
    "sinkbasin": "food dishes cutlery cookware glassbottle cloth dishsponge handtowel soapbar "
    "-bread",
    "sofa": "pocket paper box laptop pillow",
    "stoveburner": "cookware",
    "toilet": "wash toilet candle",
    "toiletpaperhanger": "toiletpaper",
    "towelholder": "towel",
    "tvstand": "tissuebox",
}


def _things(takes: str) -> frozenset[str]:
    words = takes.split()
    taken = {t for word in words if word[0] != "-" for t in GROUPS.get(word, word).split()}
    return frozenset(taken - {word[1:] for word in words if word[0] == "-"})


CAN_CONTAIN: Mapping[str, frozenset[str]] = {name: _things(t) for name, t in _TAKES.items()}
"""By type of receptacle: the types of things that it can hold."""
