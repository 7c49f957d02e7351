"""Why a task is skipped, and what it gets of the host."""

from __future__ import annotations

import pytest
from pytest_smallbench.benchmarks.harbor.honouring import Engine, reason_to_skip
from pytest_smallbench.benchmarks.harbor.own_settings import checked
from pytest_smallbench.benchmarks.harbor.variables import filled
from task_folders import task_in

from pytest_smallbench.errors import UsageMistake

LARGE = Engine(bridge=True, cpus=64, memory_mb=1 << 20)
SMALL = Engine(bridge=False, cpus=2, memory_mb=2048)
OFFLINE = '[environment]\nnetwork_mode = "no-network"\n'


def reason(folder, toml, engine=LARGE, **settings):
    return reason_to_skip(task_in(folder, toml), engine, checked(settings))


def test_a_task_that_is_given_all_runs(tmp_path):
    assert reason(tmp_path, "") == ""


def test_a_network_needs_a_bridge(tmp_path):
    assert "the engine has no bridge" in reason(tmp_path, "", SMALL)
    assert reason(tmp_path, "", SMALL, network="none") == ""
    assert reason(tmp_path, OFFLINE, SMALL) == ""


def test_an_allowlist_is_not_built(tmp_path):
    assert "allowlist" in reason(tmp_path, '[agent]\nnetwork_mode = "allowlist"\n')


def test_a_shared_container_has_one_network(tmp_path):
    toml = '[agent]\nnetwork_mode = "no-network"\n'
    assert "changes from no-network to public" in reason(tmp_path, toml)
    separate = toml + '[verifier]\nenvironment_mode = "separate"\n'
    assert reason(tmp_path, separate) == ""


def test_what_the_engine_is_too_small_for(tmp_path):
    toml = OFFLINE + "cpus = 8\nmemory_mb = 4096\n"
    found = reason(tmp_path, toml, SMALL)
    assert "it needs 8 cpus, and the engine has 2" in found
    assert "it needs 4096 MB of memory, and the engine has 2048" in found


def test_the_hosts_variables_are_only_for_those_named(tmp_path, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", "s3cret")
    toml = '[verifier.env]\nKEY = "${JUDGE_KEY}"\n'
    assert "--smallbench-set=host_env=JUDGE_KEY hands it over" in reason(tmp_path, toml)
    assert reason(tmp_path, toml, host_env="OTHER, JUDGE_KEY") == ""
    assert "NO_SUCH, which is not set" in reason(
        tmp_path, '[solution.env]\nA = "${NO_SUCH}"\n', host_env="NO_SUCH"
    )


def test_variables_are_filled(monkeypatch):
    monkeypatch.setenv("GIVEN", "host's")
    env = {"A": "${GIVEN}", "B": "${GIVEN:-default}", "C": "<${OTHER:-x}>", "D": "$GIVEN {GIVEN}"}
    assert filled(env, ["GIVEN"]) == {"A": "host's", "B": "host's", "C": "<x>", "D": env["D"]}
    assert filled(env, []) == {"A": "", "B": "default", "C": "<x>", "D": env["D"]}


def test_a_wrong_setting_is_told():
    with pytest.raises(UsageMistake, match="network: 'off' is not one of task, none"):
        checked({"network": "off"})
