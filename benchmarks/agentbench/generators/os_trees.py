"""Family (b): a tree of files with suffixes, sizes, times and hidden names to look through."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from .os_draft import EPOCH, Asked, Draft, asks_number, asks_text, date

_YEAR = 365 * 86_400
_TOPS = ("project", "archive", "photos", "reports", "backup")
_FOLDERS = ("2021", "drafts", "old", "shared", "team", "north", "misc", "final")
_STEMS = ("alpha", "budget", "chart", "diary", "essay", "figure", "guide", "index", "notes", "plan")
_SUFFIXES = (".txt", ".log", ".csv", ".md")


@dataclass(frozen=True)
class File:
    """``year`` counts back from 2023, the year of EPOCH."""

    path: str
    size: int
    year: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Tree:
    """The model: regular files and folders below ``top``. Links are no part of it."""

    top: str
    folders: tuple[str, ...]
    files: tuple[File, ...]
    links: tuple[str, ...]

    def find(self, tests: str) -> str:
        return f"find {self.top} -type f {tests}"


def draft(rng: Random, level: int) -> Draft:
    tree = _tree(rng, level)
    text = f"Look at {tree.top} with all its subdirectories."
    if level == 2:
        text += " Symbolic links are no regular files and do not count."
    return rng.choice(_QUESTIONS)(rng, tree).draft("tree", text, _init(tree))


# -- the tree ---------------------------------------------------------------------


def _tree(rng: Random, level: int) -> Tree:
    top = f"/root/{rng.choice(_TOPS)}"
    folders = [top]
    for name in rng.sample(_FOLDERS, (2, 4, 6)[level]):
        parent = rng.choice(folders) if level else top
        folders.append(f"{parent}/{'.' if level and rng.random() < 0.2 else ''}{name}")
    count = (rng.randint(8, 14), 25, 45)[level]
    files = [_file(rng, at, rng.choice(folders), level) for at in range(count)]
    links = []
    if level == 2:
        links = [f"{rng.choice(folders)}/link-{at}{rng.choice(_SUFFIXES)}" for at in range(4)]
    return Tree(top, tuple(folders), tuple(files), tuple(links))


def _file(rng: Random, number: int, folder: str, level: int) -> File:
    stem = f"{rng.choice(_STEMS)}{' ' if level == 2 and rng.random() < 0.2 else '-'}{number}"
    hidden = "." if rng.random() < 0.2 else ""
    more = rng.choice(("", "", ".bak", "s")) if level else ""
    size = rng.choice((0, rng.randint(1, 99), rng.randint(100, 4000))) + number % 2
    name = f"{hidden}{stem}{rng.choice(_SUFFIXES)}{more}"
    return File(f"{folder}/{name}", size, rng.randint(0, 3))


def _init(tree: Tree) -> str:
    """Builtins only, but for three programs: it is run for each attempt."""
    lines = [f"mkdir -p {' '.join(map(shlex.quote, tree.folders))}"]
    lines += [f"printf '%{file.size}s' '' > {shlex.quote(file.path)}" for file in tree.files]
    lines = [line.replace("printf '%0s' '' ", "") for line in lines]
    lines += [f"ln -s {shlex.quote(tree.files[0].path)} {link}" for link in tree.links]
    text = "\n".join(lines) + "\n"
    for year in range(4):
        paths = [file.path for file in tree.files if file.year == year]
        text += date(paths, _seconds(year)) if paths else ""
    return text + date([*tree.links, *reversed(tree.folders)])


def _seconds(year: int) -> int:
    return EPOCH + 100 * 86_400 - year * _YEAR


# -- questions --------------------------------------------------------------------


def _with_suffix(rng: Random, tree: Tree) -> Asked:
    suffix = rng.choice(_SUFFIXES)
    answer = sum(file.name.endswith(suffix) for file in tree.files)
    wrong = sum(suffix in file.name for file in tree.files) + len(tree.links)
    question = rng.choice(
        (
            f"How many regular files have a name that ends in {suffix} (hidden ones included)?",
            f"Count the regular files with the extension {suffix}, hidden files too.",
        )
    )
    solution = tree.find(f"-name '*{suffix}' | wc -l")
    return asks_number("suffix", question, solution, answer, wrong)


def _bytes(rng: Random, tree: Tree) -> Asked:
    suffix = rng.choice(_SUFFIXES)
    answer = sum(file.size for file in tree.files if file.name.endswith(suffix))
    wrong = sum(file.size for file in tree.files if suffix in file.name)
    question = rng.choice(
        (
            f"What is the total size in bytes of all regular files whose name ends in {suffix}, "
            "hidden ones included?",
            f"How many bytes do the regular files with the extension {suffix} hold together "
            "(their contents, hidden files too)?",
        )
    )
    tests = f"-name '*{suffix}' -printf '%s\\n' | awk '{{ s += $1 }} END {{ print s + 0 }}'"
    solution = tree.find(tests)
    return asks_number("bytes", question, solution, answer, wrong)


def _largest(rng: Random, tree: Tree) -> Asked:
    ranked = sorted(tree.files, key=lambda file: -file.size)
    if ranked[0].size == ranked[1].size:  # no answer is the only one
        return _with_suffix(rng, tree)
    question = rng.choice(
        (
            "Which regular file is the largest?",
            "Find the regular file with the most bytes.",
            "What is the name of the biggest regular file?",
        )
    )
    question += " Hidden files count too. Answer with its name, without the directory."
    solution = tree.find("-printf '%s\\t%f\\n' | sort -nr | head -n 1 | cut -f2")
    return asks_text("largest", question, solution, ranked[0].name, ranked[1].name)


def _of_year(rng: Random, tree: Tree) -> Asked:
    year = rng.randint(0, 3)
    named = 2023 - year
    answer = sum(file.year == year for file in tree.files)
    wrong = sum(file.year <= year for file in tree.files)
    question = rng.choice(
        (
            f"How many regular files were last modified in the year {named}?",
            f"Count the regular files whose modification time lies in {named}.",
        )
    )
    tests = f"-newermt '{named}-01-01' ! -newermt '{named + 1}-01-01' | wc -l"
    question += " Hidden files count too."
    return asks_number("year", question, tree.find(tests), answer, wrong)


def _hidden(rng: Random, tree: Tree) -> Asked:
    answer = sum(file.name.startswith(".") for file in tree.files)
    question = rng.choice(
        (
            "How many regular files are hidden, that is, have a name that begins with a dot?",
            "Count the regular files whose own name starts with a dot.",
        )
    )
    solution = tree.find("-name '.*' | wc -l")
    wrong = sum("/." in file.path for file in tree.files)
    return asks_number("hidden", question, solution, answer, wrong)


def _empty(rng: Random, tree: Tree) -> Asked:
    answer = sum(file.size == 0 for file in tree.files)
    question = rng.choice(
        (
            "How many regular files are empty?",
            "Count the regular files that hold no byte at all.",
        )
    )
    solution = tree.find("-size 0 | wc -l")
    wrong = sum(not file.size and file.name[0] != "." for file in tree.files)
    question += " Hidden files count too."
    return asks_number("empty", question, solution, answer, wrong)


_QUESTIONS: tuple[Callable[[Random, Tree], Asked], ...] = (
    _with_suffix,
    _bytes,
    _largest,
    _of_year,
    _hidden,
    _empty,
)
