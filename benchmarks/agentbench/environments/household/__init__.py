"""The household: rooms of receptacles and things, and errands to run in them."""
