# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What V1 does with Kubernetes for its kinds and for compute templates."""

from __future__ import annotations

from ..operator.objects import Json
from . import events, labels, services, templates
from .failures import Failure, Panic, exists, internal, invalid, not_found, plain, wrapping
from .kinds import CLUSTER, SERVICE, Kind
from .kubernetes import CONFIG_MAPS, NAMESPACES, Kubernetes, Refusal
from .releases import Release

TEMPLATE_NOT_FOUND = "Compute template {} not found"


class Store:
    """Custom resources as V1's messages."""

    def __init__(self, kubernetes: Kubernetes, release: Release) -> None:
        self._kubernetes = kubernetes
        self._release = release

    def create(self, kind: Kind, message: Json) -> Json:
        """Make a custom resource of a message that has been checked."""
        words, name = kind.words, message.get(kind.called_by, "")
        place = {"namespace": message["namespace"], "name": name}
        with wrapping(words.create):
            found = self._templates_of(message, name)
            try:
                resource = kind.to_resource(message, found, self._release)
            except ValueError as problem:
                raise invalid(words.cannot_make, problem) from problem
            try:
                created = self._kubernetes.create(kind.resource, resource)
            except Refusal as refusal:
                raise internal(words.cannot_create.format(**place), refusal) from refusal
        return self.told(kind, created)

    def replace(self, service: Json) -> Json:
        """Write over the service that the message names."""
        with wrapping("Update ray service failed."):
            with wrapping(f"Update service fail, no service named: {service['name']} "):
                live = self._find(SERVICE, service["namespace"], service["name"])
            found = self._templates_of(service, service["name"])
            try:
                resource = services.to_replacement(service, live, found, self._release)
            except ValueError as problem:
                raise plain(str(problem)) from problem
            try:
                updated = self._kubernetes.update(SERVICE.resource, resource)
            except Refusal as refusal:
                place = f"({service['namespace']}/{service['name']})"
                raise internal(f"Failed to update service for {place}", refusal) from refusal
        return self.told(SERVICE, updated)

    def get(self, kind: Kind, namespace: str, name: str) -> Json:
        """One of V1's own."""
        with wrapping(kind.words.get):
            found = self._find(kind, namespace, name)
        return self.told(kind, found)

    def listed(self, kind: Kind, namespace: str, limit: int, token: str) -> tuple[list[Json], str]:
        """V1's own, and the token of what comes next. Of namesakes in two namespaces all get the events of the last."""
        words = kind.words
        query = {"limit": str(limit)} if limit else {}
        query.update({"continue": token} if token else {})
        inner = words.cannot_list.format(namespace=namespace, limit=limit, token=token)
        with wrapping(words.list_one if namespace else words.list_all), wrapping(inner):
            found = self._kubernetes.list(kind.resource, namespace, labelSelector=labels.SELECTOR, **query)
        happened = {one["metadata"]["name"]: self._events(kind, one) for one in found["items"]}
        told = [kind.to_message(one, happened[one["metadata"]["name"]], self._release) for one in found["items"]]
        return told, found["metadata"].get("continue", "")

    def delete(self, kind: Kind, namespace: str, name: str) -> None:
        """Ask for the end of one of V1's own."""
        with wrapping(kind.words.delete):
            self._find(kind, namespace, name)
        try:
            self._kubernetes.delete(kind.resource, namespace, name)
        except Refusal as refusal:
            raise internal(kind.words.cannot_delete.format(name=name), refusal) from refusal

    def told(self, kind: Kind, resource: Json) -> Json:
        """What V1 tells of a custom resource."""
        return kind.to_message(resource, self._events(kind, resource), self._release)

    # -- compute templates -------------------------------------------------------------------------------------------

    def create_template(self, template: Json) -> Json:
        """Keep a template; any ConfigMap of its name is in the way."""
        namespace, name = template["namespace"], template["name"]
        place = f"({namespace}/{name})"
        with wrapping("Create compute template failed."):
            if self._config_map(namespace, name):
                raise exists(f"Compute template with name {name} already exists in namespace {namespace}")
            try:
                config_map = templates.to_config_map(template, self._release)
            except ValueError as problem:
                raise internal(f"Failed to convert compute runtime {place}", problem) from problem
            try:
                created = self._kubernetes.create(CONFIG_MAPS, config_map)
            except Refusal as refusal:
                raise internal(f"Failed to create a compute runtime for {place}", refusal) from refusal
        return templates.to_message(created)

    def get_template(self, namespace: str, name: str) -> Json:
        """A template, or whatever ConfigMap has its name."""
        with wrapping("Get compute template failed."):
            return self._template(namespace, name)

    def list_templates(self, namespace: str) -> list[Json]:
        """The templates of a namespace."""
        outer, inner = f"List compute templates in namespace {namespace} failed.", "List compute templates failed"
        with wrapping(outer), wrapping(inner):
            return self._templates_in(namespace)

    def list_all_templates(self) -> list[Json]:
        """The templates of all namespaces, one after the other."""
        with wrapping("List all compute templates from all namespaces failed."):
            with wrapping("Failed to fetch all Kubernetes namespaces"):
                found = self._kubernetes.list(NAMESPACES)
            names = [one["metadata"]["name"] for one in found["items"]]
            return [template for name in names for template in self._templates_in(name)]

    def delete_template(self, namespace: str, name: str) -> None:
        """The end of a template; who uses it is not asked."""
        with wrapping("Get compute template failure"):
            self._template(namespace, name)
        try:
            self._kubernetes.delete(CONFIG_MAPS, namespace, name)
        except Refusal as refusal:
            raise internal(f"failed to delete compute template {name}.", refusal) from refusal

    def template_for(self, namespace: str, name: str) -> Json:
        """A template that somebody wants to use; a ValueError with V1's words where there is none."""
        try:
            return self._template(namespace, name)
        except Failure as failure:
            place = f"name '{name}' in namespace '{namespace}'"
            raise ValueError(f"Cannot get compute template for {place}, error: {failure.text}") from failure

    # -- within ------------------------------------------------------------------------------------------------------

    def _find(self, kind: Kind, namespace: str, name: str) -> Json:
        try:
            found = self._kubernetes.get(kind.resource, namespace, name)
        except Refusal as refusal:
            if refusal.status == 404:
                raise not_found(kind.words.not_found.format(name=name), refusal) from refusal
            raise plain(f"{kind.words.cannot_get}: {refusal}") from refusal
        if not labels.is_managed(found):
            raise plain(kind.words.not_managed.format(name=name))
        return found

    def _events(self, kind: Kind, resource: Json) -> list[Json]:
        """A service's are also those of its active cluster, if that is V1's own. Jobs have none."""
        metadata = resource["metadata"]
        names = {CLUSTER.plural: [metadata["name"]], SERVICE.plural: [metadata["name"]]}.get(kind.plural, [])
        if kind is SERVICE and services.active_cluster(resource):
            names.append(services.active_cluster(resource))
        found: list[Json] = []
        for name in names:
            try:
                if name != metadata["name"]:
                    self._find(CLUSTER, metadata["namespace"], name)
                found += events.about(self._kubernetes, metadata["namespace"], name, self._release)
            except (Failure, Refusal):
                continue  # written to a log there
        return found

    def _templates_of(self, message: Json, name: str) -> dict[str, Json]:
        """All templates that a message names, by name."""
        spec = message.get("clusterSpec")
        if spec is None:
            return {}
        if spec.get("headGroupSpec") is None:
            raise Panic("nil pointer: a clusterSpec without headGroupSpec")
        wanted = [
            group.get("computeTemplate", "") for group in (spec["headGroupSpec"], *spec.get("workerGroupSpec", []))
        ]
        try:
            return {one: self.template_for(message["namespace"], one) for one in wanted}
        except ValueError as problem:
            place = f"({message['namespace']}/{name})"
            raise internal(f"Failed to populate compute template for {place}", problem) from problem

    def _template(self, namespace: str, name: str) -> Json:
        try:
            return templates.to_message(self._kubernetes.get(CONFIG_MAPS, namespace, name))
        except Refusal as refusal:
            if refusal.status == 404:
                raise not_found(TEMPLATE_NOT_FOUND.format(name), refusal) from refusal
            raise plain(f"Get compute template failed: {refusal}") from refusal

    def _config_map(self, namespace: str, name: str) -> bool:
        try:
            return bool(self._kubernetes.get(CONFIG_MAPS, namespace, name))
        except Refusal:
            return False

    def _templates_in(self, namespace: str) -> list[Json]:
        found = self._kubernetes.list(CONFIG_MAPS, namespace, labelSelector=templates.SELECTOR)
        return [templates.to_message(one) for one in found["items"]]
