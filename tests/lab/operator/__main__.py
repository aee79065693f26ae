# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The operator stand-in: `python -m tests.lab.operator --kubeconfig FILE`."""

from __future__ import annotations

import argparse
import logging
import signal
import threading

from .api import JOBS, PODS, RAY_CLUSTERS, RAY_CRON_JOBS, RAY_JOBS, RAY_SERVICES, SERVICES, Api
from .controller import Controller
from .gates import CRON_JOBS, gates
from .raycluster import RayClusterController
from .raycronjob import RayCronJobController
from .rayjob import RayJobController
from .rayservice import RayServiceController
from .store import Store
from .words import HEAD, NODE_TYPE, ORIGIN_KIND, REDIS_CLEANUP, WORKER

RAY_PODS = f"{NODE_TYPE} in ({HEAD},{WORKER},{REDIS_CLEANUP})"


def main() -> None:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(prog="operator", description="A stand-in for the KubeRay operator.")
    parser.add_argument("--kubeconfig", required=True, help="how to reach the cluster")
    parser.add_argument("--reconcile-concurrency", type=int, default=4, help="workers of each controller")
    parser.add_argument("--feature-gates", type=gates, default="", help="FeatureOne=true,FeatureTwo=false")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(Api(options.kubeconfig), stop, options.reconcile_concurrency, options.feature_gates)


def run(api: Api, stop: threading.Event, workers: int, on: dict[str, bool]) -> None:
    """Start the stores and the controllers, and wait for the end."""
    clusters = Store(api, RAY_CLUSTERS, echo_lag=True)
    pods = Store(api, PODS, RAY_PODS)
    services = Store(api, SERVICES)
    rayjobs = Store(api, RAY_JOBS, echo_lag=True)
    rayservices = Store(api, RAY_SERVICES, echo_lag=True)
    submitters = Store(api, JOBS, f"{ORIGIN_KIND}=RayJob")
    stores = [clusters, pods, services, rayjobs, rayservices, submitters]
    controllers: list[Controller] = [
        RayClusterController(api, clusters, pods, services),
        RayJobController(api, rayjobs, clusters, services, submitters, pods),
        RayServiceController(api, rayservices, clusters, services, pods),
    ]
    if on[CRON_JOBS]:
        raycronjobs = Store(api, RAY_CRON_JOBS)
        stores.append(raycronjobs)
        controllers.append(RayCronJobController(api, raycronjobs))
    for store in stores:
        name = f"watch-{store.resource.plural}"
        threading.Thread(target=store.run, args=(stop,), name=name, daemon=True).start()
    for controller in controllers:
        controller.start(stop, workers)
    logging.getLogger(__name__).info("operator stand-in is running")
    while not stop.wait(1.0):
        pass


if __name__ == "__main__":
    main()
