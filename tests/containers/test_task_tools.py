"""What an agent can do in a task's container."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from folder_environments import OWN, opened
from pytest_smallbench.benchmarks.harbor.environment import FolderEnvironment

pytestmark = pytest.mark.usefixtures("client")


@pytest.fixture(scope="module")
def environment(client: object) -> Iterator[FolderEnvironment]:
    """One for all: the agent is the user ``worker``."""
    with opened(OWN / "users-and-limits") as environment:
        yield environment


def test_the_instruction_is_what_it_sees(environment):
    assert "Append a line to" in environment.observe()


def test_a_command_is_the_users_in_the_working_folder(environment):
    said = environment.call("bash", {"command": "id -un; pwd; echo $BIRD; exit 2"})
    assert said.text == "worker\n/home/worker\nheron\n(exit status 2)"


def test_silence_is_told(environment):
    assert environment.call("bash", {"command": "true"}).text == "(no output)"


def test_a_command_that_takes_too_long_is_ended(environment):
    said = environment.call("bash", {"command": "echo a; sleep 600", "timeout_s": 1})
    assert said.text == "a\n(ended: it ran longer than 1 s)"


def test_a_long_output_keeps_its_ends(environment):
    said = environment.call("bash", {"command": "echo first; seq 100000; echo last"}).text
    assert said.startswith("first\n")
    assert said.endswith("last")
    assert "characters left out" in said


def test_a_file_is_written_with_its_folders_and_read(environment):
    text = "two words\nand a café\n"
    path = "deep/down/it's here.txt"
    assert environment.call("write_file", {"path": path, "content": text}).valid
    assert environment.call("read_file", {"path": path}).text == text
    owner = environment.call("bash", {"command": 'stat -c %U "deep/down/it\'s here.txt"'})
    assert owner.text == "worker"


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("read_file", {"path": "/no/such"}, "No such file"),
        ("read_file", {"path": "/etc/shadow"}, "Permission denied"),
        ("write_file", {"path": "/etc/passwd", "content": ""}, "ermission denied"),
        ("write_file", {"path": "/home/worker", "content": ""}, "irectory"),
        ("read_file", {"path": "-n"}, "No such file"),
        ("bash", {"command": "echo \0"}, "NUL"),
    ],
)
def test_what_cannot_be_done_is_told(environment, name, arguments, said):
    observation = environment.call(name, arguments)
    assert said in observation.text
    assert not observation.valid


def test_no_draft_of_ours_is_left(environment):
    environment.call("write_file", {"path": "x", "content": "x"})
    assert environment.call("bash", {"command": "ls -A / | grep smallbench"}).text.startswith("(")


def test_neither_tests_nor_solution_are_in_sight(environment):
    said = environment.call("bash", {"command": "ls -d /tests /solution; find / -name solve.sh"})
    assert "/solution': No such file" in said.text
    assert "/tests': No such file" in said.text


def test_after_handing_in_nothing_more_is_done(client):
    with opened(OWN / "no-reward") as environment:
        assert environment.call("submit", {}).done
        assert not environment.call("bash", {"command": "true"}).valid
