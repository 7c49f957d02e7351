"""The seed's grader: the expected text somewhere in what the agent said (section 0.1)."""

from __future__ import annotations

NOTHING_EXPECTED = "No expected output available"


def contains(text: str, expected: str | None) -> bool:
    """Both sides stripped and lower-cased, ``expected`` is a part of ``text``. False where
    nothing is expected: the seed calls that an error, not a match."""
    wanted = (expected or "").strip().lower()
    return bool(wanted) and wanted in text.strip().lower()
