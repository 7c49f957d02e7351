"""One puzzle, through the tools ``ask`` and ``solve``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from pytest_smallbench.contracts import Observation, Tool, ToolCall

from ...worlds import Host, Judgement, Record
from . import manners
from .judges import Ruling
from .opening import open_judge
from .puzzle import Puzzle, read_puzzle
from .wording import wording

ROUNDS = 25
_STRIKE, _OUT = 2, 5  # what a question about another game costs, and where the game ends


def _tool(name: str, description: str, argument: str, meaning: str) -> Tool:
    parameters = {
        "type": "object",
        "properties": {argument: {"type": "string", "description": meaning}},
        "required": [argument],
        "additionalProperties": False,
    }
    return Tool(name, description, parameters)


TOOLS = (
    _tool(
        "ask",
        "Ask one question about the story that can be answered with yes or no.",
        "question",
        "One question, on one line.",
    ),
    _tool(
        "solve",
        "End the game with an explanation of the whole story. It can be given once.",
        "explanation",
        "What really happened, in a few plain sentences.",
    ),
)


def open_world(record: Record, host: Host) -> LateralWorld:
    return LateralWorld(record, host)


@dataclass
class _Game:
    """What has happened so far. ``over`` is a key of the wording's, or empty."""

    rounds: int = 0
    yes: int = 0
    relevant: int = 0
    strikes: int = 0
    found: list[int] = field(default_factory=list)
    solved_in: int = 0
    over: str = ""


class LateralWorld:
    """Solved where every key was brought out, by questions or by the explanation."""

    tools: Sequence[Tool] = TOOLS

    def __init__(self, record: Record, host: Host) -> None:
        self._instruction = record.instruction
        self._puzzle: Puzzle = read_puzzle(record.data, f"task {record.id}")
        self._says = wording(self._puzzle.language)
        self._judge = open_judge(self._puzzle, host)
        self._game = _Game()

    def observe(self) -> str:
        story = self._puzzle.story or self._instruction
        return self._says.rules.format(keys=len(self._puzzle.keys), rounds=ROUNDS, story=story)

    def call(self, name: str, arguments: Mapping[str, Any]) -> Observation:
        if self._game.over:
            return Observation(self._says.over[self._game.over], done=True, valid=False)
        self._game.rounds += 1
        if name == "solve":
            said, valid = self._solve(str(arguments.get("explanation", "")))
        else:
            said, valid = self._ask(str(arguments.get("question", "")))
        ending = self._ending()
        return Observation(f"{said} {ending}", done=bool(self._game.over), valid=valid)

    def judge(self, answer: str | None) -> Judgement:
        found, keys = len(self._game.found), len(self._puzzle.keys)
        if not keys:
            return Judgement(False, 0.0, "", "this record has no puzzle and no keys")
        rounds, judge = self._game.rounds, self._judge.name
        why = f"{found} of {keys} keys found in {rounds} rounds; judge: {judge}"
        if found == keys:
            return Judgement(True, 1.0, "solved", why, self._metrics())
        return Judgement(False, found / keys, f"progress {found}/{keys}", why, self._metrics())

    def snapshot(self) -> str:
        return json.dumps([asdict(self._game), self._judge.snapshot()])

    def restore(self, snapshot: str) -> None:
        game, judge = json.loads(snapshot)
        self._game = _Game(**game)
        self._judge.restore(judge)

    def reference(self) -> Sequence[ToolCall]:
        return [ToolCall("ask", {"question": question}) for question in questions(self._puzzle)]

    def close(self) -> None:
        self._judge.close()

    def _ask(self, text: str) -> tuple[str, bool]:
        """What is answered, and whether it was a question at all."""
        question, more = manners.first_question(text)
        if hint := self._hint(question):
            return hint, False
        ruling = self._judge.ask(question, self._open_keys())
        self._count(ruling)
        says = self._says
        parts = [says.first_only if more else "", says.answers[ruling.answer]]
        parts.append(says.notes[ruling.note])
        if ruling.key is not None:
            self._game.found.append(ruling.key)
            parts.append(self._found())
        return " ".join(part for part in parts if part), True

    def _hint(self, question: str) -> str:
        """What is said in place of an answer, where the judge need not be asked."""
        if not any(character.isalnum() for character in question):
            return self._says.empty
        if len(question) > manners.longest_question(self._puzzle):
            return self._says.notes["too long"]
        if manners.is_off_limits(question, self._puzzle):
            self._game.strikes += _STRIKE
            return self._says.off_limits
        return self._says.repeats if manners.repeats_story(question, self._puzzle) else ""

    def _solve(self, explanation: str) -> tuple[str, bool]:
        """Grades the explanation, unless it is a book; then the game goes on."""
        if len(explanation) > manners.LONGEST_EXPLANATION:
            return self._says.too_long, False
        told = self._judge.solve(explanation, self._open_keys())
        self._game.found += told
        self._game.over = "explained"
        return f"{self._says.explained.format(told=len(told))} {self._found()}", True

    def _open_keys(self) -> list[int]:
        return [key for key in range(len(self._puzzle.keys)) if key not in self._game.found]

    def _count(self, ruling: Ruling) -> None:
        self._game.yes += ruling.answer == "yes"
        self._game.relevant += ruling.answer != "irrelevant"

    def _found(self) -> str:
        return self._says.found.format(found=len(self._game.found), keys=len(self._puzzle.keys))

    def _ending(self) -> str:
        """Ends the game where it has an end, and says how it stands."""
        game = self._game
        if self._puzzle.keys and not self._open_keys():
            game.over, game.solved_in = "solved", game.rounds
        elif not game.over and game.strikes >= _OUT:
            game.over = "left"
        elif not game.over and game.rounds >= ROUNDS:
            game.over = "rounds"
        return self._says.over.get(game.over) or self._says.left.format(left=ROUNDS - game.rounds)

    def _metrics(self) -> Mapping[str, float]:
        """The original's side figures: yes answers (SGA), relevant questions (QR), both over
        all rounds, and how early the truth was found (RE)."""
        game = self._game
        return {
            "yes_share": game.yes / ROUNDS,
            "relevant_share": game.relevant / ROUNDS,
            "round_efficiency": 1 - game.solved_in / ROUNDS if game.solved_in else 0.0,
        }


def questions(puzzle: Puzzle) -> list[str]:
    """Gold questions, one a key: the record's own, or each key asked for as it stands."""
    if puzzle.questions:
        return list(puzzle.questions)
    if puzzle.language == "zh":
        return [f"{key.rstrip('。；;.')}，对吗？" for key in puzzle.keys]
    return [f"Is it true that {key.rstrip('.;')}?" for key in puzzle.keys]
