# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Serve applications of the lab: ``greeting:app`` answers what it is told to, ``greeting:broken`` cannot be built.

Ray finds this module by itself (rayhead.py), so a serve config needs no working directory. What is answered comes from
``args`` (which make a new application of it) or from a deployment's ``user_config`` (which running replicas take)::

    applications:
      - name: greeting
        import_path: greeting:app
        args: {greeting: hello}
        deployments:
          - name: Greeter
            user_config: {greeting: good morning}

``user_config: {healthy: false}`` makes it fail the health checks that Serve asks it for.
"""

from __future__ import annotations

from typing import Any

from ray import serve


class Greeter:
    """Answers every request with its greeting."""

    def __init__(self, greeting: str) -> None:
        self._greeting = greeting
        self._healthy = True

    def reconfigure(self, config: dict[str, Any]) -> None:
        """Take what a config says without a restart."""
        self._greeting = config.get("greeting", self._greeting)
        self._healthy = config.get("healthy", True)

    def check_health(self) -> None:
        """Serve asks this from time to time."""
        if not self._healthy:
            raise RuntimeError("feeling unwell, as told")

    def __call__(self) -> str:
        return self._greeting


class Broken:
    """Never comes up."""

    def __init__(self) -> None:
        raise RuntimeError("this application cannot be built, on purpose")

    def __call__(self) -> str:
        return ""


def app(args: dict[str, str]) -> Any:
    """The application that answers."""
    return _deployment(Greeter).bind(args.get("greeting", "hello"))


def _deployment(of: type) -> Any:
    return serve.deployment(ray_actor_options={"num_cpus": 0}, health_check_period_s=1, graceful_shutdown_timeout_s=1)(
        of
    )


broken = _deployment(Broken).bind()
