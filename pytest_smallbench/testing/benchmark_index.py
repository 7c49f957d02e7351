"""The index of tasks: stable, whole, and narrowed as the options say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from pytest_smallbench.cache import cache_folder
from pytest_smallbench.contracts import Benchmark, TaskEntry, TaskIndex
from pytest_smallbench.errors import UsageMistake
from pytest_smallbench.plan import BenchPlan, Plan
from pytest_smallbench.settings import Settings
from pytest_smallbench.testing.another_process import ElsewhereFailed, elsewhere
from pytest_smallbench.testing.benchmark_rig import Rig

SORT = "sort what comes from sets, folders and hashes, and use no clock and no random"


def index(rig: Rig) -> Iterator[str]:
    opened = rig.opened
    if not opened.index.entries:
        yield "index: there is no task; give at least one"
        return
    yield from _doubled(opened.index.entries)
    if _index_of(opened.benchmark, opened.settings) != opened.index:
        yield f"index: asked twice, it gives two different ones; {SORT}"
    try:
        if elsewhere(_index_of, opened.benchmark, opened.settings) != opened.index:
            yield f"index: another process gets a different one; {SORT}"
    except ElsewhereFailed as failed:
        yield (
            f"index: another process cannot make it: {failed}; define the benchmark at the top "
            "of a module that can be imported"
        )
    yield from _travel(opened.index)


def _index_of(benchmark: Benchmark, settings: Settings) -> TaskIndex:
    return benchmark.index(settings, cache_folder(), _silent)


def _silent(line: str) -> None:
    pass


def _doubled(entries: tuple[TaskEntry, ...]) -> Iterator[str]:
    for name, count in Counter(entry.name for entry in entries).items():
        if count > 1:
            yield f"index: {count} tasks are called {name!r}; give each a name of its own"
    for entry in entries:
        if not entry.name.strip() or not entry.name.isprintable() or "::" in entry.name:
            yield f"index: {entry.name!r} is no name; use printable characters without '::'"
        for tag in entry.tags:
            if not tag.isidentifier():
                yield f"index: {entry.name}: pytest -m cannot take tag {tag!r}; use letters and _"


def _travel(index: TaskIndex) -> Iterator[str]:
    """To the workers the index goes as JSON."""
    try:
        packed = Plan("check", benches={"it": BenchPlan(index)}).pack()
    except TypeError as error:
        yield f"index: cannot be sent to workers: {error}; use texts, numbers and tuples of texts"
        return
    if Plan.unpack(packed).benches["it"].index != index:
        yield "index: comes to workers changed; use texts, numbers and tuples of texts"


def selection(rig: Rig) -> Iterator[str]:
    """What ``selection.select`` does for a benchmark that calls it."""
    mend = "pass the entries through pytest_smallbench.selection.select"
    whole = rig.opened.index.entries
    if not whole:
        return
    first = whole[0]
    wanted = {
        "--smallbench-limit=1": (_names(rig, limit=1), [first.name]),
        f"--smallbench-task={first.id}": (
            _names(rig, task=first.id),
            [entry.name for entry in whole if entry.id == first.id],
        ),
        f"--smallbench-category={first.category}": (
            _names(rig, categories=(first.category,)),
            [entry.name for entry in whole if entry.category == first.category],
        ),
    }
    for option, (found, right) in wanted.items():
        if found != right:
            yield f"{option}: gives {len(found)} tasks, not the {len(right)} that it names; {mend}"
    drawn = _names(rig, sample=1)
    if len(drawn) != 1 or drawn != _names(rig, sample=1):
        yield f"--smallbench-sample=1: gives {', '.join(drawn) or 'nothing'}, or varies; {mend}"
    yield from _refuses(rig, mend)


def _refuses(rig: Rig, mend: str) -> Iterator[str]:
    try:
        _names(rig, task="no such task at all")
    except UsageMistake:
        return
    yield f"--smallbench-task=NO SUCH TASK: raises no UsageMistake; {mend}"


def _names(rig: Rig, **options: object) -> list[str]:
    settings = replace(rig.opened.settings, **options)  # type: ignore[arg-type]  # fields of it
    return [entry.name for entry in _index_of(rig.benchmark, settings).entries]
