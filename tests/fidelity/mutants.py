"""Solutions made from reference solutions: right ones, wrong ones, and such as never end.

Each is a whole script in the form of an official sample, but for those that test the forms.
The same records and seed give the same mutants everywhere.
"""

from __future__ import annotations

import ast
import copy
import random
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]  # BigCodeBench's fields
Body: TypeAlias = list[ast.stmt]
Change: TypeAlias = Callable[[ast.FunctionDef, random.Random], bool]

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.USub: ast.UAdd,
}  # fmt: skip
AROUND = ("str({})", "[{}]", "({}, None)", "repr({})", "{{'result': {}}}", "iter([{}])")


@dataclass(frozen=True)
class Mutant:
    """``id`` is unique, ``BigCodeBench/5~swapped operator``; ``kind`` a key of KINDS."""

    id: str
    kind: str
    task_id: str
    solution: str


# -- wrong ones -------------------------------------------------------------------


def dropped_line(function: ast.FunctionDef, rng: random.Random) -> bool:
    places = [(body, at) for body in _bodies(function) for at in range(len(body))]
    places = [(body, at) for body, at in places if not _is_docstring(body[at])]
    if not places:
        return False
    body, at = rng.choice(places)
    body[at] = ast.Pass()
    return True


def swapped_operator(function: ast.FunctionDef, rng: random.Random) -> bool:
    places: list[tuple[Any, str, int]] = []
    for node in ast.walk(function):
        if type(getattr(node, "op", None)) in OPERATORS:
            places.append((node, "op", -1))
        if isinstance(node, ast.Compare):
            places += [(node, "ops", n) for n, op in enumerate(node.ops) if type(op) in OPERATORS]
    if not places:
        return False
    node, name, at = rng.choice(places)
    if at < 0:
        setattr(node, name, OPERATORS[type(getattr(node, name))]())
    else:
        node.ops[at] = OPERATORS[type(node.ops[at])]()
    return True


def wrong_constant(function: ast.FunctionDef, rng: random.Random) -> bool:
    within_fstrings = {
        id(part)
        for node in ast.walk(function)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
    }
    places = [
        node
        for statement in function.body
        if not _is_docstring(statement)
        for node in ast.walk(statement)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, bool | int | float | str)
        and id(node) not in within_fstrings
    ]
    if not places:
        return False
    node = rng.choice(places)
    node.value = _another(node.value)
    return True


def early_return(function: ast.FunctionDef, rng: random.Random) -> bool:
    arguments = [argument.arg for argument in function.args.args]
    value = ast.Name(rng.choice(arguments), ast.Load()) if arguments else ast.Constant(None)
    body = rng.choice(list(_bodies(function)))
    body.insert(rng.randrange(len(body)), ast.Return(value))
    return True


def wrong_type(function: ast.FunctionDef, rng: random.Random) -> bool:
    returns = [n for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
    if not returns:
        return False
    chosen = rng.choice(returns)
    assert chosen.value is not None
    value = rng.choice(AROUND).format(ast.unparse(chosen.value))
    chosen.value = ast.parse(value, mode="eval").body
    return True


# -- statements put before the function's first one ---------------------------------


def _first(*texts: str) -> Change:
    def change(function: ast.FunctionDef, rng: random.Random) -> bool:
        at = 1 if _is_docstring(function.body[0]) else 0
        function.body[at:at] = ast.parse(rng.choice(texts)).body
        return True

    return change


hanging = _first(
    "while True: pass",
    "import time; time.sleep(10 ** 6)",
    "import threading; threading.Event().wait()",
    "import queue; queue.Queue().get()",
    "import os; os.read(os.pipe()[0], 1)",
)
crashing = _first(
    "raise RuntimeError('broken')",
    "import sys; sys.exit(0)",
    "raise KeyboardInterrupt",
    "import os; os.abort()",
    "import os; os._exit(0)",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "import ctypes; ctypes.string_at(0)",
    "def again(n): return again(n + 1)\nagain(0)",
    "data = []\nwhile True: data.append(bytes(1 << 28))",
)
randomised = _first(
    "import random as chance\nif chance.SystemRandom().random() < 0.5: return None",
    "import os\nif os.urandom(1)[0] % 2: raise ValueError('by chance')",
)
# What honest solutions do beside their task.
noisy = _first(
    "print('so far so good ' * 1000)",
    "import sys; print('to the other stream', file=sys.stderr)",
    "import logging; logging.getLogger('mine').warning('not bad')",
    "import threading; threading.Thread(target=print, args=('hello',)).start()",
    "import gc; gc.collect()",
)


# -- forms of a right one ------------------------------------------------------------


def _unchanged(record: Record) -> str:
    return str(record["code_prompt"] + record["canonical_solution"])


def rewritten(record: Record) -> str:
    """The same program without comments, in another layout."""
    return ast.unparse(ast.parse(_unchanged(record)))


def body_only(record: Record) -> str:
    return str(record["canonical_solution"])


def calibrated(record: Record) -> str:
    """As in the official files of calibrated samples: the prompt, ``pass``, the solution."""
    return f"{record['code_prompt']}\n    pass\n{_unchanged(record)}"


WRONG: dict[str, Change] = {
    "dropped line": dropped_line,
    "swapped operator": swapped_operator,
    "wrong constant": wrong_constant,
    "early return": early_return,
    "wrong type": wrong_type,
}
STRANGE: dict[str, Change] = {
    "hanging": hanging,
    "crashing": crashing,
    "randomised": randomised,
    "noisy": noisy,
}
RIGHT: dict[str, Callable[[Record], str]] = {
    "rewritten": rewritten,
    "body only": body_only,
    "calibrated": calibrated,
}
KINDS = (*WRONG, *STRANGE, *RIGHT)
# In thirty: the wrong ones are where verdicts may differ, a hanging one costs the whole limit.
TURNS = (*(kind for kind in WRONG for _ in range(4)),
         "hanging", "crashing", "crashing", "randomised", "randomised",
         "noisy", "noisy", "rewritten", "body only", "calibrated")  # fmt: skip


def make_mutants(
    records: Iterable[Record], count: int, seed: int, turns: Iterable[str] = TURNS
) -> list[Mutant]:
    """``count`` mutants, over the records in turn, their kinds in the shares of ``turns``.
    Fewer where the records have no more places for them."""
    rng = random.Random(seed)
    kinds = [*turns]
    rng.shuffle(kinds)
    found: dict[str, Mutant] = {}
    for record, kind, _ in zip(cycle(list(records)), cycle(kinds), range(4 * count), strict=False):
        mutant = mutate(record, kind, rng)
        if mutant is not None:
            found.setdefault(mutant.id, mutant)
        if len(found) == count:
            break
    return list(found.values())


def mutate(record: Record, kind: str, rng: random.Random) -> Mutant | None:
    """None where the reference has no place for this kind."""
    solution = RIGHT[kind](record) if kind in RIGHT else _changed(record, kind, rng)
    if solution is None:
        return None
    return Mutant(f"{record['task_id']}~{kind}", kind, record["task_id"], solution)


def _changed(record: Record, kind: str, rng: random.Random) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes in the record's own text
        tree = ast.parse(_unchanged(record))
    functions = [n for n in tree.body if getattr(n, "name", "") == record["entry_point"]]
    if not functions or not isinstance(functions[-1], ast.FunctionDef):
        return None
    before = ast.unparse(copy.deepcopy(tree))
    if not {**WRONG, **STRANGE}[kind](functions[-1], rng):
        return None
    after = ast.unparse(ast.fix_missing_locations(tree))
    return after if after != before else None


def _bodies(function: ast.FunctionDef) -> Iterator[Body]:
    for node in ast.walk(function):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                yield body


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _another(value: bool | int | float | str) -> bool | int | float | str:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    return value + 1
