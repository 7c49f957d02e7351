"""Aquawar, a card game of two hidden teams of four fish (specification, section 5)."""
