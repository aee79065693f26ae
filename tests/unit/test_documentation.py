# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the documentation says is what the code does."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from ansible_collections.kuberay.core.plugins.module_utils._facts.cluster import cluster_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.cron_job import cron_job_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.job import job_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.service import service_facts
from ansible_collections.kuberay.core.plugins.module_utils._facts.template import template_facts
from ansible_collections.kuberay.core.plugins.module_utils._objects.observation import Observation
from ansible_collections.kuberay.core.plugins.module_utils._options import cluster as cluster_options
from ansible_collections.kuberay.core.plugins.module_utils._options import cron_job as cron_job_options
from ansible_collections.kuberay.core.plugins.module_utils._options import job as job_options
from ansible_collections.kuberay.core.plugins.module_utils._options import service as service_options
from ansible_collections.kuberay.core.plugins.module_utils._options import template as template_options
from ansible_collections.kuberay.core.plugins.module_utils._options.chart_crds import CHART_CRDS

from tests.unit.builders import cluster, cron_job, job, pod, service, serving
from tests.unit.templates import config_map

Json = dict[str, Any]
PLUGINS = "ansible_collections.kuberay.core.plugins"
MODULES = {
    "chart_crds": CHART_CRDS,
    "kuberay_cluster": cluster_options.CLUSTER,
    "kuberay_cluster_info": cluster_options.CLUSTER_INFO,
    "kuberay_cronjob": cron_job_options.CRON_JOB,
    "kuberay_cronjob_info": cron_job_options.CRON_JOB_INFO,
    "kuberay_job": job_options.JOB,
    "kuberay_job_info": job_options.JOB_INFO,
    "kuberay_service": service_options.SERVICE,
    "kuberay_service_info": service_options.SERVICE_INFO,
    "kuberay_template": template_options.TEMPLATE,
    "kuberay_template_info": template_options.TEMPLATE_INFO,
}
# Each kind's managing module and its info module: the key of their facts, and the facts of an object.
FACTS = {
    "kuberay_cluster": "cluster",
    "kuberay_cluster_info": "clusters",
    "kuberay_cronjob": "cronjob",
    "kuberay_cronjob_info": "cronjobs",
    "kuberay_job": "job",
    "kuberay_job_info": "jobs",
    "kuberay_service": "service",
    "kuberay_service_info": "services",
    "kuberay_template": "template",
    "kuberay_template_info": "templates",
}
# Mappings whose keys are the user's own words.
FREE = ("labels", "annotations", "extended_resources")
KINDS: dict[str, Json | None] = {
    "kuberay_cluster": cluster_facts(Observation(cluster(), [pod("head")], [])),
    "kuberay_cronjob": cron_job_facts(Observation(cron_job(), None, [], jobs=[job()])),
    "kuberay_job": job_facts(Observation(job(), [pod("head")], [])),
    "kuberay_service": service_facts(Observation(service(serving("demo-a", "demo-b")), [pod("head")], [])),
    "kuberay_template": template_facts(Observation(config_map())),
}


def _facts(module: str) -> Json:
    facts = KINDS[module.removesuffix("_info")]
    assert facts is not None
    return facts


def _text(module: str, part: str) -> Json:
    loaded: Json = yaml.safe_load(getattr(importlib.import_module(f"{PLUGINS}.modules.{module}"), part))
    return loaded


def _documented(module: str) -> Json:
    """The options of a module with those of its fragments, merged as Ansible merges them: the module's words first."""
    documentation = _text(module, "DOCUMENTATION")
    documented = dict(documentation["options"])
    for name in documentation["extends_documentation_fragment"]:
        file, _, part = name.removeprefix("kuberay.core.").partition(".")
        fragment = importlib.import_module(f"{PLUGINS}.doc_fragments.{file}").ModuleDocFragment
        text = getattr(fragment, part.upper() or "DOCUMENTATION")
        for option, said in (yaml.safe_load(text).get("options") or {}).items():
            documented[option] = {**said, **documented.get(option, {})}
    return documented


def _meaning_of_text(documented: Json) -> Json:
    """What a documentation promises, option by option, without its words."""
    return {
        name: {
            "type": said.get("type", "str"),
            "elements": said.get("elements"),
            "required": said.get("required", False),
            "default": said.get("default"),
            "choices": said.get("choices"),
            "aliases": sorted(said.get("aliases", [])),
            "options": _meaning_of_text(said.get("suboptions", {})),
        }
        for name, said in documented.items()
    }


def _meaning_of_spec(spec: Json) -> Json:
    """What an argument spec does, in the same form."""
    return {
        name: {
            "type": said.get("type", "str"),
            "elements": said.get("elements"),
            "required": said.get("required", False),
            "default": said.get("default"),
            "choices": said.get("choices"),
            "aliases": sorted(said.get("aliases", [])),
            "options": _meaning_of_spec(said.get("options", {})),
        }
        for name, said in spec.items()
    }


def _every_option(documented: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    for name, said in documented.items():
        yield f"{path}{name}", said
        yield from _every_option(said.get("suboptions", {}), f"{path}{name}.")


@pytest.mark.parametrize("module", MODULES)
def test_the_documented_options_are_the_options(module: str) -> None:
    assert _meaning_of_text(_documented(module)) == _meaning_of_spec(MODULES[module]["argument_spec"])


@pytest.mark.parametrize("module", MODULES)
def test_every_option_is_described(module: str) -> None:
    assert [path for path, said in _every_option(_documented(module)) if not said.get("description")] == []


@pytest.mark.parametrize("module", MODULES)
def test_every_variable_that_stands_in_for_an_option_is_mentioned(module: str) -> None:
    documented = _documented(module)
    for name, said in MODULES[module]["argument_spec"].items():
        for variable in said.get("fallback", (None, []))[1]:
            assert f"E({variable})" in str(documented[name]["description"])


@pytest.mark.parametrize("module", MODULES)
def test_both_sides_say_whether_there_is_a_check_mode(module: str) -> None:
    support = _text(module, "DOCUMENTATION")["attributes"]["check_mode"]["support"]
    assert (support == "full") is MODULES[module]["supports_check_mode"]


@pytest.mark.parametrize("module", FACTS)
def test_every_fact_is_documented_and_every_documented_fact_is_returned(module: str) -> None:
    assert set(_text(module, "RETURN")[FACTS[module]]["contains"]) == set(_facts(module))


@pytest.mark.parametrize("module", FACTS)
def test_every_key_of_a_fact_is_named(module: str) -> None:
    facts = _facts(module)
    for fact, said in _text(module, "RETURN")[FACTS[module]]["contains"].items():
        if isinstance(facts[fact], dict) and fact not in FREE:
            assert [key for key in facts[fact] if f"V({key})" not in str(said["description"])] == [], fact


@pytest.mark.parametrize("module", KINDS)
def test_both_modules_of_a_kind_say_the_same_about_the_facts(module: str) -> None:
    one, other = (_text(name, "RETURN")[FACTS[name]]["contains"] for name in (module, f"{module}_info"))
    assert one == other


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_use_options_that_exist(module: str) -> None:
    tasks: Any = _text(module, "EXAMPLES")
    used = [
        (name, task[f"kuberay.core.{name}"]) for task in tasks for name in MODULES if f"kuberay.core.{name}" in task
    ]
    assert module in [name for name, _arguments in used]
    for name, arguments in used:
        assert set(arguments) <= set(_documented(name))
