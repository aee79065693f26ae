# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# Copyright (c) 2026 the kuberay.core authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab itself: it starts, it is mended, it leaves nothing behind, however it ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.patience import COMMAND_SECONDS
from tests.integration.patience import SECONDS as PATIENCE
from tests.lab.control import api as api_of
from tests.lab.lab import Lab, LabOptions
from tests.lab.layout import CHECKOUT, Layout, State
from tests.lab.processes import Identity, wait_until

# Starting and stopping does not depend on the CRDs, which cost the API server seconds: these labs get one small one.
SMALL_CRD = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.lab.test
spec:
  group: lab.test
  names: {kind: Thing, plural: things}
  scope: Namespaced
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
"""


class Command:
    """The lab's command line, for one data folder."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.layout = Layout(self.data)
        crds = folder / "crds"
        crds.mkdir()
        (crds / "thing.yaml").write_text(SMALL_CRD, encoding="utf-8")
        self.choice = ["--operator", "none", "--apiserver", "none", "--crds", str(crds)]
        self.identities: set[Identity] = set()
        self.environment = {name: value for name, value in os.environ.items() if name != "KUBERAY_LAB_DATA"}

    def start(self, name: str, *words: str) -> subprocess.Popen[str]:
        choice = self.choice if name in ("up", "run") else []
        command = [sys.executable, "-m", "tests.lab", name, "--data", str(self.data), *choice, *words]
        return subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def __call__(self, name: str, *words: str) -> tuple[int, str]:
        process = self.start(name, *words)
        output, _ = process.communicate(timeout=COMMAND_SECONDS)
        return process.returncode, output

    def state(self) -> State | None:
        """The record; remembers all processes that it ever named."""
        state = State.load(self.layout.state)
        if state:
            self.identities |= {state.supervisor, *(entry.identity for entry in state.processes.values())}
        return state

    def await_process(self, name: str) -> State:
        def recorded() -> bool:
            state = self.state()
            return state is not None and name in state.processes

        assert wait_until(recorded, PATIENCE), f"{name} was not started"
        state = self.state()
        assert state is not None
        return state

    def await_ready(self) -> State:
        def ready() -> bool:
            state = self.state()
            return state is not None and state.ready

        assert wait_until(ready, PATIENCE), "the lab did not become ready"
        state = self.state()
        assert state is not None
        return state

    def living(self) -> list[Identity]:
        return [identity for identity in self.identities if identity.alive()]

    def nothing_left(self) -> bool:
        return wait_until(lambda: not self.living(), PATIENCE)


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    """A command whose lab is ended after the test, whatever the test left."""
    it = Command(tmp_path)
    yield it
    it("down")


def test_up_status_repair_down(command: Command, lab: Lab) -> None:
    code, output = command("up")
    assert code == 0, output
    first = command.await_ready()
    mine, other = first.ports, lab.status().state
    assert other is not None
    assert not set(mine.values()) & set(other.ports.values()), "two labs side by side share a port"

    code, output = command("status")
    assert code == 0, output
    assert first.url in output
    code, output = command("up")
    assert code == 0
    assert "running already" in output
    assert (command.layout.kubeconfig.stat().st_mode & 0o777) == 0o600
    assert listened_on(entry.identity.pid for entry in first.processes.values()) == {"127.0.0.1"}

    api = api_of(command.layout, first.ports)
    kept = "/api/v1/namespaces/default/configmaps/kept"
    api.apply(kept, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kept"}, "data": {"a": "b"}})

    first.processes["kwok"].identity.signal(signal.SIGKILL)
    assert wait_until(lambda: "kwok was killed by SIGKILL" in command("status")[1], PATIENCE)
    assert command("status")[0] == 1
    os.kill(first.supervisor.pid, signal.SIGKILL)
    assert command.nothing_left(), "children outlived their supervisor"
    code, output = command("status")
    assert code == 1
    assert "supervisor has died" in output

    code, output = command("up")
    assert code == 0, output
    second = command.await_ready()
    assert second.supervisor != first.supervisor
    assert second.url == first.url
    assert api.get(kept)["data"] == {"a": "b"}, "the repaired lab lost its objects"

    code, output = command("down")
    assert code == 0, output
    assert not command.living()
    assert not command.layout.store.exists()
    code, output = command("down")
    assert code == 0
    assert "was not running" in output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
@pytest.mark.parametrize("moment", ["etcd", "kube-apiserver"])
def test_interrupted_up_leaves_nothing(command: Command, number: signal.Signals, moment: str) -> None:
    process = command.start("up")
    command.await_process(moment)
    process.send_signal(number)
    output, _ = process.communicate(timeout=COMMAND_SECONDS)
    expected = -number if number == signal.SIGKILL else 128 + number
    assert process.returncode == expected, output
    assert command.nothing_left()
    assert wait_until(lambda: not command.layout.state.exists(), PATIENCE)


def test_run_passes_environment_and_exit_code(command: Command) -> None:
    script = 'kubectl get nodes -o name; test "$KUBECONFIG" = "$K8S_AUTH_KUBECONFIG"; echo "same: $?"; exit 7'
    process = command.start("run", "--", "sh", "-c", script)
    command.await_ready()
    output, _ = process.communicate(timeout=COMMAND_SECONDS)
    assert process.returncode == 7, output
    assert "node/lab-gpu-1" in output
    assert "same: 0" in output
    assert not command.living()


def test_a_lab_whose_folder_is_removed_ends(command: Command) -> None:
    assert command("up")[0] == 0
    command.await_ready()
    shutil.rmtree(command.data)
    assert command.nothing_left()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_interrupted_run_leaves_nothing(command: Command, tmp_path: Path, number: signal.Signals) -> None:
    mark = tmp_path / "pid"
    process = command.start("run", "--", "sh", "-c", f"echo $$ > {mark}.new; mv {mark}.new {mark}; exec sleep 600")
    command.await_ready()
    assert wait_until(mark.exists, PATIENCE)
    sleeper = Identity.of(int(mark.read_text(encoding="utf-8")))
    assert sleeper is not None
    command.identities.add(sleeper)
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        process.send_signal(number)
    process.communicate(timeout=COMMAND_SECONDS)
    assert process.returncode != 0
    assert command.nothing_left()


def test_a_program_that_cannot_start_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "operator"
    broken.write_text("#!/bin/sh\necho this operator is broken >&2\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    crds = Command(tmp_path)
    lab = Lab(LabOptions(data=tmp_path / "data", operator=str(broken), crds=Path(crds.choice[-1]), tied=True))
    with pytest.raises(Exception, match=r"(?s)operator ended with exit code 3.*this operator is broken"):
        lab.start()
    assert lab.status().state is None


def listened_on(pids: Iterator[int]) -> set[str]:
    """The addresses on which these processes listen (TCP over IPv4 and IPv6)."""
    inodes: set[str] = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(link)
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                raw = bytes.fromhex(fields[1].split(":")[0])
                found.add(".".join(map(str, raw[::-1])) if len(raw) == 4 else f"IPv6 {raw.hex()}")
    return found
