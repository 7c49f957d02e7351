"""task.yaml, and the docker-compose.yaml beside it."""

from __future__ import annotations

import pytest
from task_folders import OWN, older_in, read

from pytest_smallbench.errors import UsageMistake


def compose(service: str, more: str = "") -> dict[str, str | None]:
    return {"docker-compose.yaml": f"services:\n  client:\n    build: .\n{service}{more}"}


def test_our_own_example():
    task = read(OWN / "older-form")
    assert task.instruction.startswith("The file /app/words.txt")
    assert (task.agent_timeout_s, task.verifier.timeout_s) == (120.0, 60.0)
    assert task.verifier.by_exit
    assert task.place.network == "no-network"
    assert task.place.env == {"LC_ALL": "C", "TEST_DIR": "/tests"}
    assert (task.category, task.tags, task.unmet) == ("text", ("sorting",), ())


def test_without_a_compose_file_the_dockerfile_is_taken(tmp_path):
    task = older_in(tmp_path)
    assert task.place.dockerfile == tmp_path / "Dockerfile"
    assert task.place.network == "public"


def test_a_build_in_a_folder_of_its_own(tmp_path):
    files = {
        "docker-compose.yaml": "services:\n  client:\n    build:\n      context: ./box\n",
        "box/Dockerfile": "FROM scratch\n",
    }
    assert older_in(tmp_path, **files).place.context == tmp_path / "box"


def test_environment_as_a_table_and_the_working_folder(tmp_path):
    files = compose("    environment:\n      A: 1\n    working_dir: /srv\n")
    place = older_in(tmp_path, **files).place
    assert (place.env["A"], place.workdir) == ("1", "/srv")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (compose("", "  db:\n    image: db\n"), "several containers (docker-compose.yaml: client"),
        (compose("    privileged: true\n"), "docker-compose.yaml sets services.client.privileged"),
        (compose("    volumes: ['/etc:/etc']\n"), "docker-compose.yaml mounts /etc:/etc"),
        (compose("    network_mode: host\n"), "services.client.network_mode to host"),
    ],
)
def test_what_one_container_cannot_stand_for_is_listed(tmp_path, files, said):
    assert [reason for reason in older_in(tmp_path, **files).unmet if said in reason]


def test_tests_that_need_the_agents_shell_or_another_parser_are_listed(tmp_path):
    task = older_in(tmp_path, "run_tests_in_same_shell: true\nparser_name: swebench\n")
    assert len(task.unmet) == 2


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("tags: [\n", r"task\.yaml: is not valid YAML \(line \d+\)"),
        ("max_agent_timeout_sec: soon\n", "max_agent_timeout_sec: a number is needed"),
        ("when: 2024-99-01\n", "is not valid YAML"),
        ("x: !!python/object/apply:os.getcwd []\n", "is not valid YAML"),
    ],
)
def test_a_wrong_value_is_told_in_one_line(tmp_path, yaml, said):
    with pytest.raises(UsageMistake, match=said) as raised:
        older_in(tmp_path, yaml)
    assert "\n" not in str(raised.value)


def test_a_build_outside_the_task_is_refused(tmp_path):
    files = {"docker-compose.yaml": "services:\n  client:\n    build: ../..\n"}
    with pytest.raises(UsageMistake, match="lies outside the task's folder"):
        older_in(tmp_path, **files)
