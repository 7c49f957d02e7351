"""Family (d): permissions, owners, users and groups to be set as asked."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .os_draft import Draft, date

_TOPS = ("videos", "finance", "website", "lab", "recipes")
_FOLDERS = ("old", "new", "shared", "raw")
_NAMES = ("a", "b", "draft", "index", "notes", "plan", "run", "setup", "table")
_PEOPLE = ("anna", "bernd", "clara", "dmitri", "emil", "fiona")
_TEAMS = ("editors", "research", "backupers", "deploy")
_FIRST_UID = 1101

# path below the top -> [kind, mode, uid, gid, size]: what the rule compares (states.py)
Rows = dict[str, list[str]]


def draft(rng: Random, level: int) -> Draft:
    return rng.choice(_TASKS)(rng, level)


def _tree(rng: Random, level: int) -> tuple[str, Rows, str]:
    """A folder below /srv, its rows as they are at first, and the script that makes it."""
    top = f"/srv/{rng.choice(_TOPS)}"
    folders = ["", *rng.sample(_FOLDERS, (1, 2, 4)[level])]
    rows: Rows = {folder: ["d", "755", "0", "0", ""] for folder in folders}
    for number in range((4, 8, 14)[level]):
        suffix = rng.choice((".txt", ".sh", ".html"))
        name = f"{rng.choice(_NAMES)}{number}{suffix}"
        size, folder = rng.randint(1, 40), rng.choice(folders)
        rows[f"{folder}/{name}".lstrip("/")] = ["f", "644", "0", "0", str(size)]
    lines = [f"mkdir -p {' '.join(f'{top}/{folder}' for folder in folders)}"]
    lines += [f"printf '%{row[4]}s' '' > {top}/{path}" for path, row in rows.items() if row[4]]
    paths = [f"{top}/{path}" for path in sorted(rows, reverse=True)]
    return top, rows, "\n".join(lines) + "\n" + date(paths)


def _rule(top: str, rows: Rows) -> dict[str, object]:
    return {"kind": "state", "trees": {top: rows}}


def _modes(rng: Random, level: int) -> Draft:
    top, rows, init = _tree(rng, level)
    file_mode, folder_mode = rng.choice((("640", "750"), ("600", "700"), ("664", "775")))
    wanted = {
        path: [row[0], file_mode if row[0] == "f" else folder_mode, *row[2:]]
        for path, row in rows.items()
    }
    question = rng.choice(
        (
            f"Set the permissions of all files in {top} and below to {file_mode} and of all "
            f"directories ({top} included) to {folder_mode}.",
            f"Every regular file below {top} shall have mode {file_mode}, and {top} itself and "
            f"every directory below it mode {folder_mode}.",
        )
    )
    solution = (
        f"find {top} -type f -exec chmod {file_mode} {{}} +\n"
        f"find {top} -type d -exec chmod {folder_mode} {{}} +"
    )
    wrong = f"chmod -R {file_mode} {top}"
    return Draft("state modes", question, init, solution, wrong, rule=_rule(top, wanted))


def _scripts(rng: Random, level: int) -> Draft:
    top, rows, init = _tree(rng, level)
    rows[f"first{rng.randint(1, 9)}.sh"] = ["f", "644", "0", "0", "7"]
    added = f"{top}/{next(reversed(rows))}"
    wanted = {
        path: [row[0], "744" if path.endswith(".sh") else row[1], *row[2:]]
        for path, row in rows.items()
    }
    question = rng.choice(
        (
            f"Make every file below {top} whose name ends in .sh executable for its owner, and "
            "for nobody else. Change nothing else.",
            f"The owner, and only the owner, shall be able to execute the .sh files in {top} and "
            "its subdirectories. Leave all other permissions as they are.",
        )
    )
    init += f"printf '%7s' '' > {added}\n" + date([added, top])
    solution = f"find {top} -type f -name '*.sh' -exec chmod u+x {{}} +"
    wrong = f"find {top} -type f -name '*.sh' -exec chmod +x {{}} +"
    return Draft("state scripts", question, init, solution, wrong, rule=_rule(top, wanted))


def _owners(rng: Random, level: int) -> Draft:
    top, rows, init = _tree(rng, level)
    person, team = rng.choice(_PEOPLE), rng.choice(_TEAMS)
    wanted = {path: [*row[:2], str(_FIRST_UID), "1500", row[4]] for path, row in rows.items()}
    init = f"groupadd -g 1500 {team}\nuseradd -m -u {_FIRST_UID} {person}\n" + init
    question = rng.choice(
        (
            f"Give {top} and everything in it to the user {person} and the group {team}.",
            f"Make {person} the owner and {team} the group of {top} and all that is below it.",
        )
    )
    solution = f"chown -R {person}:{team} {top}"
    wrong = f"chown -R {person} {top}"
    return Draft("state owners", question, init, solution, wrong, rule=_rule(top, wanted))


def _shared(rng: Random, level: int) -> Draft:
    top, rows, init = _tree(rng, level)
    team = rng.choice(_TEAMS)
    people = rng.sample(_PEOPLE, 2 + level)
    users = "".join(
        f"useradd -m -u {_FIRST_UID + number} {name}\n" for number, name in enumerate(people)
    )
    wanted = {path: [*row[:3], "1500", row[4]] for path, row in rows.items()}
    wanted[""][1] = "2770"
    question = rng.choice(
        (
            f"{top} shall be shared by the group {team}: give {top} and everything in it that "
            f"group, and set the mode of {top} itself (nothing else) to 2770. Put "
            f"{' and '.join(people[:-1])} into the group, but not {people[-1]}.",
        )
    )
    rule = {
        **_rule(top, wanted),
        "groups": {team: {"members": people[:-1]}},
    }
    members = "\n".join(f"usermod -a -G {team} {name}" for name in people[:-1])
    solution = f"{members}\nchgrp -R {team} {top}\nchmod 2770 {top}"
    wrong = f"{members}\nchgrp -R {team} {top}\nchmod 770 {top}"
    init = f"groupadd -g 1500 {team}\n{users}{init}"
    return Draft("state shared", question, init, solution, wrong, rule=rule)


def _new_user(rng: Random, level: int) -> Draft:
    name, team = rng.choice(_PEOPLE), rng.choice(_TEAMS)
    shell = rng.choice(("/bin/bash", "/bin/sh"))
    home = rng.choice((f"/home/{name}", f"/srv/{name}"))
    question = rng.choice(
        (
            f"Make a user {name} with the home directory {home} (it shall exist) and the login "
            f"shell {shell}, and put them into the group {team} in addition to their own.",
            f"We need an account {name}: login shell {shell}, home directory {home}, which is to "
            f"be made, and a member of {team} besides their own group.",
        )
    )
    rule = {
        "kind": "state",
        "users": {name: {"home": home, "shell": shell}},
        "groups": {team: {"members": [name]}},
        "folders": [home],
    }
    solution = f"useradd -m -d {home} -s {shell} -G {team} {name}"
    wrong = f"useradd -m -d {home} -s {shell} {name}"
    return Draft("state user", question, f"groupadd -g 1500 {team}\n", solution, wrong, rule=rule)


_TASKS: tuple[Callable[[Random, int], Draft], ...] = (_modes, _scripts, _owners, _shared, _new_user)
