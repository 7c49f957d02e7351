"""task.toml: what it comes to, and what is said where it is wrong."""

from __future__ import annotations

import pytest
from pytest_smallbench.benchmarks.harbor.recognising import description
from pytest_smallbench.benchmarks.harbor.task import Artifact
from task_folders import OWN, PLAIN, lay, read, task_in

from pytest_smallbench.errors import UsageMistake

SEPARATE = '[verifier]\nenvironment_mode = "separate"\n'
STEPS = '[[steps]]\nname = "one"\n'


def test_an_empty_description_has_the_formats_defaults(tmp_path):
    task = task_in(tmp_path)
    assert task.instruction == "Do it.\n"
    assert task.place.network == "public"
    assert (task.agent_timeout_s, task.verifier.timeout_s) == (None, 600.0)
    assert task.place.build_timeout_s == 600.0
    assert task.verifier.place is None
    assert task.unmet == ()


def test_all_that_our_own_example_sets():
    task = read(OWN / "users-and-limits")
    assert (task.agent_user, task.agent_timeout_s) == ("worker", 90.0)
    assert (task.verifier.user, task.verifier.timeout_s) == ("root", 45.0)
    assert (task.place.cpus, task.place.memory_mb, task.place.workdir) == (1, 512, "/home/worker")
    assert task.place.env["BIRD"] == "heron"
    assert task.verifier.env == {"WANTED": "${SMALLBENCH_EXAMPLE_WORD:-heron}"}
    assert task.place.healthcheck is not None
    assert task.place.healthcheck.retries == 5
    assert task.verifier.collect[0].timeout_s == 20.0
    assert (task.category, task.tags) == ("system", ("users", "env"))


def test_the_canary_is_not_for_the_agent():
    assert read(OWN / "several-files").instruction.startswith("The folder `/srv/notes`")


def test_the_older_names_of_keys(tmp_path):
    older = 'version = "1.0"\n[environment]\nmemory = "2G"\nallow_internet = false\n'
    place = task_in(tmp_path, older).place
    assert (place.memory_mb, place.network) == (2048, "no-network")


def test_a_user_may_be_a_number(tmp_path):
    assert task_in(tmp_path, "[agent]\nuser = 1000\n").agent_user == "1000"


def test_a_separate_verifier_without_an_image_gets_the_agents(tmp_path):
    verifier = task_in(tmp_path, SEPARATE).verifier
    assert verifier.place is not None
    assert verifier.place.dockerfile == tmp_path / "environment" / "Dockerfile"
    assert not verifier.bundled


def test_a_separate_verifiers_own_dockerfile_has_the_tests(tmp_path):
    files = {"tests/Dockerfile": "FROM scratch\n", "tests/test.sh": None}
    verifier = task_in(tmp_path, SEPARATE, **files).verifier
    assert verifier.place is not None
    assert verifier.place.context == tmp_path / "tests"
    assert verifier.bundled


def test_a_separate_verifiers_ready_image(tmp_path):
    toml = '[verifier.environment]\ndocker_image = "judge:1"\nmemory_mb = 64\n'
    place = task_in(tmp_path, toml).verifier.place
    assert place is not None
    assert (place.image, place.dockerfile, place.memory_mb) == ("judge:1", None, 64)


def test_artifacts_in_both_their_forms(tmp_path):
    toml = 'artifacts = ["/a", { source = "/b", exclude = ["*.pyc"] }]\n'
    assert task_in(tmp_path, toml).artifacts == (Artifact("/a"), Artifact("/b", ("*.pyc",)))


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[agent\n", "task.toml: is not valid TOML: "),
        ("agent = 3\n", "task.toml: agent: a table is needed, not 3"),
        ('[agent]\ntimeout_sec = "long"\n', "agent.timeout_sec: a number is needed, not a text"),
        ("[verifier]\ntimeout_sec = -1\n", "verifier.timeout_sec: a number from 0 up is needed"),
        ("[verifier]\ntimeout_sec = 0\n", "verifier.timeout_sec: a time of more than 0 seconds"),
        ("[verifier]\ntimeout_sec = nan\n", "verifier.timeout_sec: a number from 0 up is needed"),
        ("[environment]\nmemory_mb = 1.5\n", "environment.memory_mb: a whole number is needed"),
        ('[environment]\nmemory = "lots"\n', "environment.memory: 'LOTS' is no size such as 2G"),
        (
            '[environment]\nnetwork_mode = "open"\n',
            "environment.network_mode: 'open' is not one of public, no-network, allowlist",
        ),
        ("[environment.env]\nA = 1\n", "environment.env.A: a text is needed, not 1"),
        ("[environment.healthcheck]\nretries = 2\n", "environment.healthcheck.command: is missing"),
        ("[[verifier.collect]]\n", "verifier.collect[0].command: is missing"),
        ("verifier = []\n", "verifier: a table is needed, not a list"),
        ('artifacts = ["up/../down"]\n', "artifacts[0].source: 'up/../down' is no absolute path"),
        (
            '[verifier]\nenvironment_mode = "shared"\n[verifier.environment]\ncpus = 1\n',
            "verifier.environment_mode: 'shared' goes with no [verifier.environment]",
        ),
    ],
)
def test_a_wrong_value_is_told_in_one_line_with_file_and_key(tmp_path, toml, said):
    with pytest.raises(UsageMistake) as raised:
        task_in(tmp_path, toml)
    assert said in str(raised.value)
    assert str(tmp_path / "task.toml") in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"instruction.md": None}, "instruction.md: cannot be read: No such file"),
        ({"instruction.md": " \n"}, "instruction.md: is empty"),
        ({"environment/Dockerfile": None}, "environment.docker_image: is not given, and there is"),
        ({"tests/test.sh": None}, "test.sh: is not there; it is what grades the task"),
    ],
)
def test_a_missing_file_is_named(tmp_path, files, said):
    (tmp_path / "environment").mkdir()
    with pytest.raises(UsageMistake, match=said.replace("(", "\\(")):
        task_in(tmp_path, **files)


def test_an_instruction_that_is_no_text(tmp_path):
    lay(tmp_path, PLAIN)
    (tmp_path / "instruction.md").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageMistake, match=r"instruction\.md: is not UTF-8 text"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        (STEPS, "it has several steps"),
        ('[environment]\nos = "windows"\n', "it needs windows (environment.os)"),
        ("[environment]\ngpus = 1\n", "it needs a GPU (environment.gpus)"),
        ('[environment.tpu]\ntype = "v6e"\ntopology = "2x2"\n', "it needs a TPU"),
        ('[[environment.mcp_servers]]\nname = "x"\n', "it brings MCP servers"),
        ("[verifier.environment]\ngpus = 2\n", "it needs a GPU (verifier.environment.gpus)"),
        (
            '[[verifier.collect]]\ncommand = "x"\nservice = "db"\n',
            "verifier.collect[0] is about another service than main",
        ),
        (
            'artifacts = [{ source = "/x", service = "db" }]\n',
            "artifacts[0] is about another service than main",
        ),
    ],
)
def test_what_no_engine_could_give_is_listed(tmp_path, toml, said):
    assert any(said in reason for reason in task_in(tmp_path, toml).unmet)


def test_another_agents_trajectory_and_ignore_rules_are_listed(tmp_path):
    files = {"trajectory.json": "{}", "tests/.harborignore": "*"}
    assert len(task_in(tmp_path, **files).unmet) == 2


def test_several_containers_are_listed(tmp_path):
    compose = "services:\n  main:\n    build: .\n  db:\n    image: db\n"
    task = task_in(tmp_path, **{"environment/docker-compose.yaml": compose})
    assert task.unmet == ("it needs several containers (docker-compose.yaml: main, db)",)


@pytest.mark.parametrize(
    "files",
    [
        {"task.toml": ""},
        {"task.yaml": "", "instruction.md": ""},
        {"pyproject.toml": "", "environment/Dockerfile": ""},
    ],
)
def test_a_folder_with_a_file_of_that_name_alone_is_no_task(tmp_path, files):
    assert description(lay(tmp_path, files)) is None
