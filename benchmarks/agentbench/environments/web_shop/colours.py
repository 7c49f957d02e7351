"""The base colours to which option values are reduced before they are compared."""

from __future__ import annotations

_NAMES = """
alabaster apricot aqua ash asphalt azure banana beige black blue blush bordeaux bronze brown
burgundy camel camo caramel champagne charcoal cheetah chestnut chocolate christmas coffee
cognac copper coral cranberry cream crystal dark denim eggplant elephant espresso fuchsia gold
granite grape graphite grass gray green grey heather indigo ivory ivy khaki lavender lemon
leopard light lilac lime magenta maroon mauve merlot midnight mint mocha multicolor mushroom
mustard natural navy nude olive orange peach pewter pink plum purple rainbow red rose royal
rust sand sapphire seashell silver skull slate steel stone stonewash sunflower tan taupe teal
tiger turquoise violet walnut wheat white wine yellow
"""
BASE_COLOURS = tuple(_NAMES.split())
"""WebShop's 102 names. Their order counts: the first one contained in a value is taken, so
"dark blue" is "blue" but "dark green" is "dark" (a known weakness, kept: section 4)."""


def reduced(value: str) -> str:
    """The first base colour that the value contains, else the value."""
    return next((colour for colour in BASE_COLOURS if colour in value), value)
