# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the roles' READMEs, as they stand but for the chart and the namespace, give what is shown there."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tests import readmes
from tests.integration.roles.platform import APISERVER, OPERATOR, Platform

# The keys of a fact, where a README shows one.
KEY = re.compile(r'^        "(\w+)": ', re.M)
PORT = 31900


def test_the_examples(platform: Platform, apiserver_chart: Path) -> None:
    book = platform.folder / "readmes.yml"
    book.write_text(yaml.safe_dump(readmes.plays(OPERATOR) + readmes.plays(APISERVER)), encoding="utf-8")
    charts = {OPERATOR: platform.chart(), APISERVER: apiserver_chart}
    # Another test may hold the default one.
    ports = {"kuberay_apiserver_node_port": PORT, "kuberay_apiserver_rpc_node_port": PORT + 1}
    run = platform.run_book(book, charts, ports)
    assert run.code == 0, str(run)
    fact = run["What there is now"][OPERATOR]
    assert fact["namespace"] == platform.namespace
    assert sorted(fact) == sorted(KEY.findall(readmes.text(OPERATOR)))
    assert re.fullmatch(rf"http://127\.0\.0\.1:{PORT} knows \d+ clusters", run["Where it is"].message)
