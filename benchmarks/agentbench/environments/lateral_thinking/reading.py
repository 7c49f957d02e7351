"""Sentences of either language as statements."""

from __future__ import annotations

from functools import lru_cache

from . import chinese, english
from .statements import Statement


@lru_cache(maxsize=4096)
def read(text: str, language: str) -> Statement:
    """The statement that a sentence or a question makes; ``language`` is en or zh."""
    return chinese.read(text) if language == "zh" else english.read(text)
