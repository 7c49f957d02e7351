"""Family (a): a table of events (name, action, index, count) to be counted and summed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from .os_draft import Asked, Draft, asks_number, asks_text, date, write

Row = tuple[str, str, int, int]

# file, names, actions, what the index and the count are called
_THEMES = (
    (
        "trades",
        ("Alice", "Bob", "Carol", "Dave"),
        ("Purchase", "Sell"),
        "stock index",
        "number of shares",
    ),
    (
        "depot",
        ("North", "South", "Harbour", "Airport"),
        ("Receive", "Ship"),
        "article number",
        "number of pieces",
    ),
    ("loans", ("Ines", "Jon", "Kim", "Lea"), ("Borrow", "Return"), "book number", "number of days"),
    (
        "machines",
        ("press", "lathe", "mill", "saw"),
        ("start", "stop"),
        "order number",
        "minutes of work",
    ),
)
_SEPARATORS = {" | ": " [|] ", ",": ",", ";": ";", "\t": r"\t"}
_NAMED = {" | ": "' | '", ",": "commas", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True)
class Log:
    """The model. ``rows`` are what counts; ``files`` what the shell reads for them."""

    rows: tuple[Row, ...]
    names: tuple[str, ...]
    actions: tuple[str, ...]
    index: str
    count: str
    separator: str
    files: str

    def awk(self, program: str) -> str:
        """A command that runs ``program`` over the events, remarks left out."""
        field = _SEPARATORS[self.separator]
        return f"cat {self.files} | grep -v '^#' | awk -F'{field}' '{program}'"


def draft(rng: Random, level: int) -> Draft:
    log, text, init = _log(rng, level)
    return rng.choice(_QUESTIONS[: 3 + level])(rng, log).draft("log", text, init)


# -- the log ----------------------------------------------------------------------


def _log(rng: Random, level: int) -> tuple[Log, str, str]:
    """The model, what the agent is told of it, and the script that makes its files."""
    names: tuple[str, ...]
    actions: tuple[str, ...]
    theme, names, actions, index, count = rng.choice(_THEMES)
    if level:
        # Names and actions that contain others, so that a careless search finds too much.
        names = (*names, names[0] + names[0][-1] + "y", names[1] + "-2")
        actions = (*actions, f"{actions[1]}-failed")
    separator = rng.choice(tuple(_SEPARATORS)) if level else " | "
    rows = _rows(rng, names, actions, (rng.randint(30, 60), 150, 300)[level])
    if level < 2:
        files, init = _one_file(theme, rows, separator)
    else:
        files, init = _several_files(rng, theme, rows, separator)
    place = f"The log {files}" if level < 2 else f"Each of the logs {files}"
    text = (
        f"{place} has one event a line: name, action, {index} and {count}, "
        f"separated by {_NAMED[separator]}."
    )
    if level == 2:
        text += " Lines that begin with # are remarks, not events."
    return Log(tuple(rows), names, actions, index, count, separator, files), text, init


def _rows(rng: Random, names: Sequence[str], actions: Sequence[str], length: int) -> list[Row]:
    columns = [rng.choices(column, k=length) for column in (names, actions)]
    numbers = [rng.choices(range(1, top + 1), k=length) for top in (40, 900)]
    return list(zip(*columns, *numbers, strict=True))


def _one_file(theme: str, rows: list[Row], separator: str) -> tuple[str, str]:
    path = f"/root/{theme}.log"
    return path, write(path, _lines(rows, separator)) + date([path])


def _several_files(rng: Random, theme: str, rows: list[Row], separator: str) -> tuple[str, str]:
    """One a day, with remarks, and beside them what must not be counted."""
    folder = f"/root/{theme}"
    lines = _lines(rows, separator)
    remark = "# " + lines[rng.randrange(len(lines))]
    size = len(lines) // 5
    parts = {f"day-{at + 1}.log": lines[at * size : (at + 1) * size] for at in range(4)}
    parts["day-5.log"] = lines[4 * size :]
    parts = {name: [*part[:3], remark, *part[3:]] for name, part in parts.items()}
    parts["day-1.log.old"] = lines[:size]
    init = f"mkdir -p {folder}\n"
    init += "".join(write(f"{folder}/{name}", part) for name, part in parts.items())
    return f"{folder}/*.log", init + date([*(f"{folder}/{name}" for name in parts), folder])


def _lines(rows: Iterable[Row], separator: str) -> list[str]:
    return [separator.join(map(str, row)) for row in rows]


# -- questions --------------------------------------------------------------------


def _event_count(rng: Random, log: Log) -> Asked:
    name, action = _pick(rng, log)
    answer = sum(row[:2] == (name, action) for row in log.rows)
    question = rng.choice(
        (
            f"How many events are there with the name {name} and the action {action}?",
            f"How often does {name} occur with the action {action}?",
            f"Count the events of {name} whose action is exactly {action}.",
        )
    )
    solution = log.awk(f'$1 == "{name}" && $2 == "{action}" {{ n++ }} END {{ print n + 0 }}')
    wrong = sum(row[0].startswith(name) for row in log.rows)
    return asks_number("count", question, solution, answer, wrong)


def _sum(rng: Random, log: Log) -> Asked:
    name, action = _pick(rng, log)
    chosen = [row[3] for row in log.rows if row[:2] == (name, action)]
    question = rng.choice(
        (
            f"What is the total {log.count} over all events of {name} with the action {action}?",
            f"Add up the {log.count} of the events with name {name} and action {action}.",
            f"For {name} and the action {action}, what does the last column sum to?",
        )
    )
    solution = log.awk(f'$1 == "{name}" && $2 == "{action}" {{ s += $4 }} END {{ print s + 0 }}')
    wrong = sum(row[3] for row in log.rows if row[0] == name)
    return asks_number("sum", question, solution, sum(chosen), wrong)


def _largest(rng: Random, log: Log) -> Asked:
    action = rng.choice(log.actions[:2])
    totals: Counter[str] = Counter()
    for row in log.rows:
        totals[row[0]] += row[3] if row[1] == action else 0
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    best = max(totals.values())
    if sum(total == best for total in totals.values()) > 1:  # no answer is the only one
        return _event_count(rng, log)
    question = rng.choice(
        (
            f"Whose events with the action {action} have the largest total {log.count}?",
            f"Which name has the highest total {log.count} for the action {action}?",
        )
    )
    program = f'$2 == "{action}" {{ t[$1] += $4 }} END {{ for (n in t) print t[n], n }}'
    solution = log.awk(program) + " | sort -nr | head -n 1 | cut -d' ' -f2"
    question += " Answer with the name only."
    return asks_text("largest", question, solution, ranked[0], ranked[1])


def _distinct(rng: Random, log: Log) -> Asked:
    name, action = _pick(rng, log)
    found = [row[2] for row in log.rows if row[:2] == (name, action)]
    question = rng.choice(
        (
            f"How many different values of the {log.index} occur with {name} and {action}?",
            f"In the events of {name} with the action {action}, how many distinct "
            f"{log.index} values are there?",
        )
    )
    program = f'$1 == "{name}" && $2 == "{action}" {{ print $3 }}'
    solution = log.awk(program) + " | sort -u | wc -l"
    return asks_number("distinct", question, solution, len(set(found)), len(found))


def _only_one_action(rng: Random, log: Log) -> Asked:
    name = rng.choice(log.names)
    first, second = log.actions[:2]
    sets = [{row[2] for row in log.rows if row[:2] == (name, one)} for one in (first, second)]
    question = rng.choice(
        (
            f"How many {log.index} values has {name} with the action {second} "
            f"but never with the action {first}?",
            f"For {name}: how many {log.index} values occur with {second} and not with {first}?",
        )
    )
    program = (
        f'$1 == "{name}" && $2 == "{first}" {{ a[$3] = 1 }} '
        f'$1 == "{name}" && $2 == "{second}" {{ b[$3] = 1 }} '
        "END { for (i in b) if (!(i in a)) n++; print n + 0 }"
    )
    answer = len(sets[1] - sets[0])
    return asks_number("only", question, log.awk(program), answer, len(sets[1]))


_QUESTIONS: tuple[Callable[[Random, Log], Asked], ...] = (
    _event_count,
    _sum,
    _largest,
    _distinct,
    _only_one_action,
)


def _pick(rng: Random, log: Log) -> tuple[str, str]:
    row = rng.choice([row for row in log.rows if row[1] in log.actions[:2]])
    return row[0], row[1]
