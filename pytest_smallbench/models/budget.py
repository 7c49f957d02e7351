"""The dollars of a run, shared by all its processes through one locked file.

Before each model call its process sets aside what the call may cost, and puts back what it
did not: so that workers that ask at the same moment do not spend the same dollar twice. What
may be set aside is

    half the request's bytes as prompt tokens (most text has a token in three or four bytes)
    at the uncached price, and as many completion tokens as the longest answer of this run so
    far, or 1,000 before the first.

So a run can exceed its budget by no more than what the calls under way cost above that. A
call of which nobody knows whether it was billed (its process died, its time was up, the
endpoint does not count) is taken to have cost what was set aside for it.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from pytest_smallbench.contracts import Message, Model, Reply, Tool
from pytest_smallbench.errors import BudgetSpent, ModelError, Unresolved, UsageMistake
from pytest_smallbench.models.prices import PRICES, Price, price_of
from pytest_smallbench.undisturbed import undisturbed

NAME = "budget.json"
BYTES_A_TOKEN = 2
FIRST_ANSWER = 1_000  # completion tokens
_POLL_S = 0.05
_PATIENCE_S = 600.0  # no call is under way for longer: what stands against us is a leftover
_NOTHING = {"spent": 0.0, "reserved": {}, "longest": 0, "closed": False}
State: TypeAlias = dict[str, Any]


class Budget:
    """``spent`` and ``reserved`` (by process id) are US dollars. Made in each process; the
    controller ``begin``s it."""

    def __init__(self, path: Path, limit_usd: float, price: Price) -> None:
        self.path = path
        self.limit_usd = limit_usd
        self.waited_s = 0.0
        self._price = price

    def begin(self, *, anew: bool) -> None:
        """Before the first call of a run, or of its next part: then what was under way when
        the last part ended counts as spent."""
        if anew:
            self.path.unlink(missing_ok=True)
        self.path.touch()
        with self._locked() as state:
            state["spent"] += sum(state["reserved"].values())
            state["reserved"], state["closed"] = {}, False

    def check(self) -> None:
        """Raises BudgetSpent once a call has been refused: nothing else is begun then."""
        with self._locked() as state:
            if state["closed"]:
                raise self._spent()

    def reserve(self, messages: Sequence[Message], tools: Sequence[Tool] = ()) -> float:
        """Set aside what a call may cost, and return it. Waits while only calls under way
        stand against it. Raises BudgetSpent."""
        size = len(json.dumps([messages, [vars(tool) for tool in tools]], default=str))
        began = time.monotonic()
        while True:
            with self._locked() as state:
                amount = self._estimate(size, state["longest"])
                tired = time.monotonic() - began > _PATIENCE_S
                if tired or state["closed"] or state["spent"] + amount > self.limit_usd:
                    state["closed"] = True
                    break
                _write_off_the_dead(state)
                if state["spent"] + sum(state["reserved"].values()) + amount <= self.limit_usd:
                    mine = state["reserved"].get(str(os.getpid()), 0.0)
                    state["reserved"][str(os.getpid())] = mine + amount
                    return amount
            asleep = time.monotonic()
            time.sleep(_POLL_S)  # another process settles its call in the file; nothing tells us
            self.waited_s += time.monotonic() - asleep  # at once: the attempt's clock looks here
        raise self._spent()

    def settle(self, reserved: float, cost_usd: float | None, completion: int = 0) -> None:
        """A call is over: it cost this much, or None where nobody knows."""
        with self._locked() as state:
            key = str(os.getpid())
            state["reserved"][key] = max(state["reserved"].get(key, 0.0) - reserved, 0.0)
            state["spent"] += reserved if cost_usd is None else cost_usd
            state["longest"] = max(state["longest"], completion)

    def _estimate(self, size: int, longest: int) -> float:
        prompt = size / BYTES_A_TOKEN * self._price.input
        return (prompt + (longest or FIRST_ANSWER) * self._price.output) / 1_000_000

    def _spent(self) -> BudgetSpent:
        return BudgetSpent(f"budget of ${self.limit_usd:g} spent")

    @contextmanager
    def _locked(self) -> Iterator[State]:
        # The file must be whole, whatever rings meanwhile.
        with undisturbed(), self.path.open("r+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until the file is closed
            text = file.read()
            state = _state(text) if text else dict(_NOTHING, reserved={})
            yield state
            file.seek(0)
            file.write(json.dumps(state))
            file.flush()
            file.truncate()


class BudgetedModel:
    """A model each of whose calls is paid from a budget."""

    def __init__(self, model: Model, budget: Budget) -> None:
        self._model = model
        self._budget = budget

    @property
    def name(self) -> str:
        return self._model.name

    def complete(
        self, messages: Sequence[Message], tools: Sequence[Tool] = (), **options: object
    ) -> Reply:
        reserved = self._budget.reserve(messages, tools)
        cost: float | None = None
        completion = 0
        try:
            reply = self._model.complete(messages, tools, **options)
            cost, completion = reply.cost_usd, reply.usage.completion
        except ModelError:
            cost = 0.0  # no answer, no bill
            raise
        except Unresolved as refused:
            refusal = refused.reply
            cost = refusal.cost_usd if isinstance(refusal, Reply) else 0.0
            raise
        finally:
            self._budget.settle(reserved, cost, completion)
        return reply


def known_price(model: str) -> Price:
    """Raises UsageMistake for a model that no budget can be held with."""
    price = price_of(model)
    if price is None:
        raise UsageMistake(
            f"--smallbench-budget: no price is known of model {model!r}; choose one of "
            f"{', '.join(list(PRICES)[:3])}, ..., or drop the budget and limit the run with "
            "--smallbench-limit and --smallbench-max-tokens"
        )
    return price


def _state(text: str) -> State:
    """A process killed between writing and cutting leaves an end of the longer text before."""
    state: State = json.JSONDecoder().raw_decode(text)[0]
    return state


def _write_off_the_dead(state: State) -> None:
    for pid in [pid for pid in state["reserved"] if not _lives(int(pid))]:
        state["spent"] += state["reserved"].pop(pid)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, but alive
        pass
    return True
