# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A callback for tests: one JSON line for each task result, into the file that KUBERAY_TEST_RESULTS names."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ansible.module_utils.common.json import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: result_lines
type: notification
short_description: one JSON line for each task result
description: For the tests of this collection.
author: the kuberay.core authors (@kuberay-core)
options: {}
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    """Written line by line, so that a run that is killed leaves what it had."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "result_lines"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._file = os.environ["KUBERAY_TEST_RESULTS"]
        self._began = 0.0

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._began = time.time()

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write("failed", result)

    def v2_runner_on_skipped(self, result: Any) -> None:
        self._write("skipped", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._write("unreachable", result)

    def _write(self, status: str, result: Any) -> None:
        # The names without an underscore came with ansible-core 2.19, where the others began to be deprecated.
        task, values = (getattr(result, name, None) or getattr(result, f"_{name}") for name in ("task", "result"))
        line = {"name": task.get_name(), "status": status, "began": self._began, "ended": time.time(), "result": values}
        with open(self._file, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, cls=AnsibleJSONEncoder) + "\n")
