"""What a generated shop sells: five departments of thirty types, their options and qualities.

Values of one option are chosen so that no two of them count as the same: neither contains the
other's words, and no two reduce to one base colour (tested).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..environments.web_shop.products import CATEGORY_MARK


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COLOUR = "color"
OPTIONS: Mapping[str, Sequence[str]] = {
    COLOUR: _words("black white navy red green purple yellow orange silver beige teal maroon"),
    "size": ("small", "medium", "large", "petite", "tall"),
    "shoe size": ("36", "37", "38", "39", "40", "41", "42", "43"),
    "fit": ("slim", "regular", "relaxed"),
    "length": ("90 cm", "180 cm", "300 cm", "450 cm"),
    "storage": ("64 gb", "128 gb", "256 gb", "512 gb"),
    "plug": ("european", "british", "american", "australian"),
    "weight": ("150 gram", "400 gram", "1 kilo", "25 oz"),
    "pack": ("single", "pair", "half dozen", "bulk carton"),
    "flavor": _words("vanilla lemon cinnamon coconut raspberry hazelnut ginger original"),
    "scent": _words("lavender eucalyptus jasmine sandalwood bergamot unscented"),
    "skin type": ("dry", "oily", "sensitive", "mature"),
    "bottle": ("30 ml", "75 ml", "250 ml", "500 ml"),
    "finish": _words("oak walnut bamboo marble brass chrome"),
    "mattress size": ("twin", "queen", "king"),
}
"""Values by the name of the option."""

_TYPES = {
    "fashion": {
        "outerwear": "bomber jacket, rain parka, wool overcoat, puffer vest, denim jacket, poncho",
        "tops": "henley shirt, polo shirt, linen blouse, hoodie, cardigan, tank top",
        "bottoms": "chino trousers, cargo shorts, pleated skirt, leggings, jeans, jogger pants",
        "shoes": "ankle boots, loafers, running sneakers, sandals, ballet flats, clogs",
        "accessories": "beanie, leather belt, silk scarf, bow tie, sun visor, mittens",
    },
    "electronics": {
        "audio": "bluetooth speaker, earbuds, soundbar, turntable, headphones, microphone",
        "computing": "mechanical keyboard, trackball mouse, laptop stand, webcam, monitor, router",
        "storage": "flash drive, memory card, solid disk, card reader, backup drive, tape drive",
        "power": "power bank, wall charger, extension cord, solar panel, charging dock, voltmeter",
        "cables": "hdmi cable, ethernet cable, audio adapter, usb hub, antenna, coaxial splitter",
    },
    "grocery": {
        "snacks": "granola bars, popcorn, rice crackers, trail mix, beef jerky, pretzels",
        "drinks": "cold brew coffee, herbal tea, cocoa powder, sparkling lemonade, kombucha, cider",
        "baking": "almond flour, cake mix, baking chips, icing sugar, yeast, maple syrup",
        "pantry": "olive oil, pasta sauce, lentil soup, peanut butter, honey, balsamic vinegar",
        "sweets": "gummy candy, caramel fudge, marzipan, licorice, toffee, nougat",
    },
    "beauty": {
        "skin": "face cream, body lotion, clay mask, eye serum, sunscreen, toner",
        "hair": "shampoo, conditioner, hair mask, beard balm, styling gel, dry spray",
        "bath": "bath salts, shower gel, soap bar, body scrub, bubble bath, foot soak",
        "makeup": "lipstick, eyeshadow palette, mascara, nail polish, bronzer, concealer",
        "tools": "makeup brush, hand mirror, tweezers, hair dryer, curling iron, nail file",
    },
    "home": {
        "furniture": "bookcase, coffee table, bar stool, nightstand, shoe bench, armchair",
        "bedding": "duvet cover, pillowcase, fitted sheet, quilt, mattress topper, blanket",
        "lighting": "floor lamp, pendant light, desk lamp, wall sconce, lantern, chandelier",
        "kitchen": "chef knife, cutting board, saucepan, mixing bowl, kettle, spice rack",
        "decor": "wall clock, picture frame, area rug, flower vase, curtain, candle holder",
    },
}
_GROUP_OPTIONS = {
    "outerwear": (COLOUR, "size", "fit"),
    "tops": (COLOUR, "size", "fit"),
    "bottoms": (COLOUR, "size", "fit"),
    "shoes": (COLOUR, "shoe size"),
    "accessories": (COLOUR, "size", "pack"),
    "audio": (COLOUR, "plug"),
    "computing": (COLOUR, "plug"),
    "storage": ("storage", COLOUR),
    "power": (COLOUR, "plug", "length"),
    "cables": ("length", COLOUR, "pack"),
    "snacks": ("flavor", "weight", "pack"),
    "drinks": ("flavor", "weight", "pack"),
    "baking": ("weight", "pack"),
    "pantry": ("weight", "pack"),
    "sweets": ("flavor", "weight", "pack"),
    "skin": ("skin type", "bottle", "scent"),
    "hair": ("scent", "bottle"),
    "bath": ("scent", "bottle", "pack"),
    "makeup": (COLOUR, "skin type"),
    "tools": (COLOUR, "pack"),
    "furniture": ("finish", "size"),
    "bedding": (COLOUR, "mattress size"),
    "lighting": ("finish", "plug"),
    "kitchen": ("finish", "pack"),
    "decor": (COLOUR, "size"),
}
QUALITIES: Mapping[str, Sequence[str]] = {
    "fashion": (
        *("machine washable", "quick drying", "tumble dry safe", "stretch waistband"),
        *("hidden pockets", "breathable mesh", "fleece lined", "wrinkle resistant"),
        *("double stitched", "adjustable cuffs", "organic cotton", "moisture wicking"),
        *("reflective trim", "tagless collar", "wind proof", "hand embroidered"),
    ),
    "electronics": (
        *("noise cancelling", "fast charging", "water resistant", "plug and play"),
        *("low latency", "gold plated contacts", "tangle free", "backlit controls"),
        *("aluminium housing", "shock absorbing", "energy saving", "dual band"),
        *("overheat protection", "foldable design", "travel pouch included", "silent operation"),
    ),
    "grocery": (
        *("gluten free", "dairy free", "fair trade", "low sodium"),
        *("stone ground", "no artificial colors", "plant based", "high fiber"),
        *("resealable bag", "small batch", "keto friendly", "kosher certified"),
        *("nut free facility", "slow roasted", "unsweetened", "rich in protein"),
    ),
    "beauty": (
        *("cruelty free", "paraben free", "dermatologist tested", "long lasting"),
        *("fragrance free", "vegan formula", "deep cleansing", "fast absorbing"),
        *("non greasy", "refillable packaging", "anti frizz", "with aloe vera"),
        *("reef safe", "travel sized", "salon quality", "easy to rinse"),
    ),
    "home": (
        *("easy assembly", "scratch resistant", "dishwasher safe", "space saving"),
        *("solid wood", "non slip base", "fade resistant", "hand crafted"),
        *("dimmable", "stackable", "rust proof", "child safe"),
        *("heat resistant", "soft close", "recycled materials", "mid century style"),
    ),
}
"""What may be said of a product, by department."""

BRANDS = (
    *_words("Norvane Tellumo Kestrin Oberly Quillon Marrowby Fenwrick Sollace Dunmere Avelto"),
    *_words("Brackley Calvora Ostrin Pellham Rivanne Tamsin Ulverton Wexcroft Yarrowe Zelmira"),
    *_words("Ardenne Bluthe Corvello Drayfold Elstow Farrin Gossamer Hartle Inverlo Jessamy"),
)
STYLES = _words("classic everyday compact premium modern rustic lightweight sturdy elegant simple")


@dataclass(frozen=True)
class Type:
    """One type of product, and the options that such products have."""

    name: str
    department: str
    group: str
    options: tuple[str, ...]

    @property
    def category(self) -> str:
        return f"{self.department} {CATEGORY_MARK} {self.group} {CATEGORY_MARK} {self.name}"


def _types() -> tuple[Type, ...]:
    return tuple(
        Type(name, department, group, _GROUP_OPTIONS[group])
        for department, groups in _TYPES.items()
        for group, names in groups.items()
        for name in names.split(", ")
    )


TYPES = _types()
"""All 150."""
