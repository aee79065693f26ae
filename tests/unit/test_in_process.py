# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a task in the controller's process: when it may be, and that nobody sees a difference."""

from __future__ import annotations

import datetime
import os
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible.template import Templar
from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import NotFound, OptionError
from ansible_collections.kuberay.core.plugins.module_utils._options.cluster import CLUSTER
from ansible_collections.kuberay.core.plugins.module_utils._transport import credentials
from ansible_collections.kuberay.core.plugins.plugin_utils import _in_process
from ansible_collections.kuberay.core.plugins.plugin_utils._arguments import prepared
from ansible_collections.kuberay.core.plugins.plugin_utils._definition import with_definition
from ansible_collections.kuberay.core.plugins.plugin_utils._in_process import SWITCH, InProcessAction

Json = dict[str, Any]


def _echo(options: Json, context: Context) -> Json:
    """A task that tells what it was given."""
    context.warn_once("careful")
    return {"changed": False, "options": options, "check": context.check_mode, "diff_wanted": context.diff}


def _action(run: Any = _echo, transport: str = "local", become: bool = False, **task: Any) -> Any:
    class Action(InProcessAction):
        spec = CLUSTER
        run_task = staticmethod(run)

    loader = DataLoader()
    fields = {
        "args": {},
        "async_val": 0,
        "check_mode": False,
        "diff": False,
        "no_log": False,
        "get_search_path": list,
        **task,
    }
    return Action(
        SimpleNamespace(**fields),
        SimpleNamespace(transport=transport),
        SimpleNamespace(become=become),
        loader,
        Templar(loader=loader),
        None,
    )


def _here(arguments: Json, run: Any = _echo, **task: Any) -> Json:
    result: Json = _action(run, **task)._run_here(arguments)
    return result


def _prepared(arguments: Json, is_local: bool = True) -> Json:
    action = _action()
    return _of(action, arguments, is_local)


def _of(action: Any, arguments: Json, is_local: bool, ships_kubeconfig: bool = True) -> Json:
    """As an action for one object prepares them."""
    read = partial(with_definition, action, task_vars={})
    return prepared(action, arguments, CLUSTER["argument_spec"], is_local, ships_kubeconfig, read)


def _why(variables: Json | None = None, environment: Json | None = None, **fields: Any) -> str | None:
    why: str | None = _action(**fields)._why_shipped(variables or {}, environment or {})
    return why


def test_a_local_task_runs_here() -> None:
    assert _why() is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"transport": "ssh"}, "the connection is ssh"),
        ({"become": True}, "become is set"),
        ({"async_val": 60}, "async is set"),
    ],
)
def test_a_task_that_needs_another_process_is_shipped_and_says_why(fields: Json, why: str) -> None:
    assert _why(**fields) == why


@pytest.mark.parametrize("value", [False, "false", "no", "{{ 1 == 2 }}"])
def test_the_user_may_have_it_shipped(value: Any) -> None:
    variables = {SWITCH: _trusted(value)}
    assert _why(variables) == f"{SWITCH} is false"


@pytest.mark.parametrize("name", ["K8S_AUTH_HOST", "KUBECONFIG", "HTTPS_PROXY", "no_proxy", "KUBERAY_API"])
def test_a_known_environment_name_is_honoured_here(name: str) -> None:
    assert _why(environment={name: "x"}) is None


def test_an_unknown_environment_name_has_it_shipped() -> None:
    assert _why(environment={"PATH": "x", "LANG": "y", "KUBECONFIG": "z"}) == "the task's environment sets LANG, PATH"


def test_a_missing_library_has_it_shipped_to_where_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "IMPORT_ERROR", "ImportError: no")
    assert "kubernetes" in str(_why())


def test_options_arrive_as_a_module_would_see_them() -> None:
    options = _here(
        {
            "name": "demo",
            "suspend": "yes",
            "labels": {1: datetime.date(2026, 1, 2)},
            "worker_groups": [{"group_name": "a", "replicas": "2"}],
            "verify_ssl": "no",
        }
    )["options"]
    assert options["suspend"] is True
    assert options["labels"] == {"1": "2026-01-02"}
    assert options["worker_groups"][0]["replicas"] == 2
    assert options["validate_certs"] is False
    assert (options["state"], options["wait"]) == ("present", True)


def test_an_option_that_does_not_exist_fails_the_task() -> None:
    result = _here({"name": "demo", "replica": 1})
    assert result["failed"] is True
    assert "replica" in result["msg"]


def test_the_mode_of_the_task_is_handed_down() -> None:
    result = _here({"name": "demo"}, check_mode=True, diff=True)
    assert (result["check"], result["diff_wanted"]) == (True, True)
    assert result["warnings"] == ["careful"]


def test_an_error_is_a_failed_task_with_its_invocation() -> None:
    def run(_options: Json, _context: Context) -> Json:
        raise NotFound("not there", status=404)

    result = _here({"name": "demo"}, run)
    assert (result["failed"], result["msg"], result["error"]["status"]) == (True, "not there", 404)
    assert result["invocation"]["module_args"]["name"] == "demo"


def test_a_token_is_in_no_part_of_the_result() -> None:
    result = _here({"name": "demo", "api_key": "hunter2", "annotations": {"a": "hunter2 again"}})
    assert "hunter2" not in str(result)


def test_variables_stand_in_for_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K8S_AUTH_HOST", "https://x.invalid")
    monkeypatch.setenv("K8S_AUTH_IMPERSONATE_GROUPS", "a,b")
    options = _here({"name": "demo"})["options"]
    assert (options["host"], options["impersonate_groups"]) == ("https://x.invalid", ["a", "b"])


def test_the_environment_of_a_task_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "before")
    with _in_process._environment({"KUBECONFIG": "during", "K8S_AUTH_HOST": 1}):
        assert (os.environ["KUBECONFIG"], os.environ["K8S_AUTH_HOST"]) == ("during", "1")
    assert os.environ["KUBECONFIG"] == "before"
    assert "K8S_AUTH_HOST" not in os.environ


def test_a_progress_line_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    _action()._progress("demo: head ready")
    _action(no_log=True)._progress("secret")
    printed = capsys.readouterr()
    assert "demo: head ready" in printed.err
    assert "secret" not in printed.err
    assert printed.out == ""


def test_a_file_of_the_controller_is_found_from_its_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "config").write_text("a: b")
    arguments = {"kubeconfig": "~/config", "ca_cert": None, "name": "demo"}
    expected = {**arguments, "kubeconfig": str(tmp_path / "config")}
    assert _prepared(arguments) == expected


def test_another_host_gets_the_content_of_a_kubeconfig(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a: b")
    given = {"kubeconfig": str(tmp_path / "config"), "ca_cert": str(tmp_path / "ca")}
    expected = {**given, "kubeconfig": "a: b\n"}
    assert _prepared(given, is_local=False) == expected
    assert _of(_action(), given, is_local=False, ships_kubeconfig=False) == given


def test_what_is_no_file_is_left_to_whoever_opens_it() -> None:
    for kubeconfig in ('{"users": []}', "a: b\nc: d", "/nowhere/config"):
        given = {"kubeconfig": kubeconfig}
        assert _prepared(given) == given


def test_a_kubeconfig_given_as_a_mapping_becomes_one_text() -> None:
    given = {"kubeconfig": {"users": []}}
    assert _prepared(given) == {"kubeconfig": '{"users": []}'}


@pytest.fixture
def vaulted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Path]:
    """An action that has the vault's password, and a file in the vault. Temporary files are in ``local`` beside it."""
    secret = VaultSecret(b"password")
    file, local = tmp_path / "vaulted", tmp_path / "local"
    local.mkdir()
    file.write_bytes(VaultLib([("default", secret)]).encrypt(b"kind: RayCluster\n", secret))
    monkeypatch.setattr("ansible.constants.DEFAULT_LOCAL_TMP", str(local))
    action = _action()
    action._loader.set_vault_secrets([("default", secret)])
    monkeypatch.setattr(action, "_find_needle", lambda _folder, path: path)
    return action, file


@pytest.mark.parametrize("is_local", [True, False])
def test_a_vaulted_file_is_opened_in_memory(vaulted: tuple[Any, Path], is_local: bool) -> None:
    action, file = vaulted
    given = {"kubeconfig": str(file), "src": str(file), "client_key": str(file)}
    assert _of(action, given, is_local) == {
        "kubeconfig": "kind: RayCluster\n\n",
        "definition": {"kind": "RayCluster"},
        "client_key": "kind: RayCluster\n" if is_local else str(file),
    }
    assert list((file.parent / "local").iterdir()) == []


@pytest.mark.parametrize("option", ["kubeconfig", "client_key", "src"])
def test_a_vault_that_no_password_opens_is_told_by_its_option(vaulted: tuple[Any, Path], option: str) -> None:
    action, file = vaulted
    action._loader.set_vault_secrets([])
    with pytest.raises(OptionError, match=rf"^{option}: {file} cannot be read: .*vault"):
        _of(action, {option: str(file)}, is_local=True)


def test_an_empty_survey_answer_means_left_out() -> None:
    given = {
        "name": "demo",
        "wait_timeout": "",
        "head_group": {"service_type": "", "env": {"EMPTY": ""}},
        "worker_groups": [{"group_name": "a", "replicas": ""}],
    }
    expected = {"name": "demo", "head_group": {"env": {"EMPTY": ""}}, "worker_groups": [{"group_name": "a"}]}
    assert _prepared(given) == expected


def _trusted(value: Any) -> Any:
    """A template as it comes from a playbook: ansible-core 2.19 and later evaluate only those."""
    try:
        from ansible.template import trust_as_template
    except ImportError:
        return value
    return trust_as_template(value) if isinstance(value, str) else value
