"""What the tools make: numbered variables, each a set of members with its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .graph import Members

NUMBER = "number"
"""The type of what count makes."""


@dataclass(frozen=True)
class Variable:
    """``entities`` are the question's entities that its making went through: in an answer
    they do not count (specification, section 3)."""

    type: str
    members: Members
    entities: frozenset[str] = frozenset()

    @property
    def answer(self) -> Members:
        return self.members - self.entities

    def described(self, number: int) -> str:
        if self.type == NUMBER:
            return f"variable #{number}, which is a number"
        return f"variable #{number}, which are instances of {self.type}"


def answer_ids(variable: Variable) -> list[str]:
    """The answer as the records write it: ids, and the bare text of literals, sorted."""
    return sorted({bare(member) for member in variable.answer})


def bare(member: str) -> str:
    """A literal without its quotes."""
    return member[1:].rpartition('"')[0] if member.startswith('"') else member


def answer_line(ids: Iterable[str]) -> str:
    """The canonical line (section 0.1)."""
    return "answer:" + ",".join(sorted(ids))
