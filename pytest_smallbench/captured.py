"""What a task printed, cut to what a reader can take in: an agent may print megabytes."""

from __future__ import annotations

LINES, CHARACTERS = 20, 2_000


def shortened(text: str) -> str:
    """The text's end, where it is long, and how much was printed."""
    if len(text) <= CHARACTERS and text.count("\n") <= LINES:
        return text
    kept = "\n".join(text[-CHARACTERS:].rstrip("\n").splitlines()[-LINES:])
    return f"[{len(text):,} characters were printed; the last {len(kept):,}:]\n{kept}"
