# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The writes of a task on one object: nothing else here changes anything. In check mode each one is a dry run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from ansible_collections.kuberay.core.plugins.module_utils._context import Context
from ansible_collections.kuberay.core.plugins.module_utils._errors import (
    AlreadyExists,
    KubeRayError,
    NotFound,
    OptionError,
    Stale,
)
from ansible_collections.kuberay.core.plugins.module_utils._transport.base import Ref, Transport, WholeTransport

Json = dict[str, Any]
Written = TypeVar("Written")


class Writer:
    """Writes one object. ``wrote`` is called when something was changed."""

    def __init__(
        self,
        transport: Transport,
        ref: Ref,
        context: Context,
        delete_options: Mapping[str, Any],
        wrote: Callable[[], None],
    ) -> None:
        self._transport = transport
        self._ref = ref
        self._context = context
        self._delete_options = delete_options
        self._wrote = wrote

    @property
    def propagation(self) -> str:
        """What becomes of an object's pods when it is deleted.

        Foreground unless asked otherwise: the object then stays until its pods are gone, and can be waited for.
        """
        return str(self._delete_options.get("propagation_policy") or "Foreground")

    def patch(self, operations: list[Json], target: Json | None = None) -> Json:
        """Change the object, which is to become ``target``; Stale where it has moved on."""
        if target is not None and self._only_foretells:
            return target
        return self._written("Changing", lambda dry: self._transport.patch(self._ref, operations, dry_run=dry))

    def replace(self, target: Json) -> Json:
        """Put another object in the place of the whole one, where the door has no patches."""
        door = cast(WholeTransport, self._transport)
        return self._written("Changing", lambda dry: door.replace(self._ref, target, dry_run=dry))

    def create(self, target: Json) -> Json:
        """Make the object; in check mode, in a namespace that is not there yet, what is made would be ``target``."""
        if self._only_foretells:
            return target
        try:
            return self._written("Creating", lambda dry: self._transport.create(self._ref, target, dry_run=dry))
        except NotFound as error:
            if not (isinstance(error.details, dict) and error.details.get("kind") == "namespaces"):
                raise
            namespace = self._ref.namespace
            if not self._context.check_mode:
                error.message = f"namespace {namespace} does not exist: create it first, or name another one"
                raise
            self._context.warn_once(f"namespace {namespace} does not exist; it would have to be made first")
            return target

    def try_anew(self, target: Json) -> Json:
        """The object as it would be made while one of its name still stands: a dry run under a name of the server's.

        What the server refuses, it refuses here, before the object that stands is deleted. Where there is no dry run,
        the name is in nobody's way.
        """
        if not self._transport.dry_runs:
            return target
        metadata = {key: value for key, value in target["metadata"].items() if key != "name"}
        nameless = {**target, "metadata": {**metadata, "generateName": "again-"}} if self._transport.patches else target
        made = self._asked("Creating", lambda: self._transport.create(self._ref, nameless, dry_run=True))
        return {**made, "metadata": {**target["metadata"]}} if self._transport.patches else made

    def delete(self, live: Json, propagation: str) -> None:
        """Delete this very object, and no namesake; where it has no uid, whatever is called so."""
        self._ensure_deletes_as_asked()
        uid = live["metadata"].get("uid")
        options: Json = {**({"preconditions": {"uid": uid}} if uid else {}), "propagationPolicy": propagation}
        if self._delete_options.get("grace_period_seconds") is not None:
            options["gracePeriodSeconds"] = self._delete_options["grace_period_seconds"]
        self._written("Deleting", lambda dry: self._transport.delete(self._ref, options, dry_run=dry))

    @property
    def _only_foretells(self) -> bool:
        """Whether nothing is sent, since nothing may be changed and the server cannot be asked what it would make."""
        return self._context.check_mode and not self._transport.dry_runs

    def _ensure_deletes_as_asked(self) -> None:
        asked = self._delete_options
        elsewise = asked.get("propagation_policy") not in (None, "Background")
        if not self._transport.patches and (elsewise or asked.get("grace_period_seconds") is not None):
            raise OptionError(
                "delete_options: KubeRay's APIServer V1 takes none, it deletes in the background; use api: kubernetes "
                "or apiserver_v2"
            )

    def _written(self, verb: str, write: Callable[[bool], Written]) -> Written:
        """One write, or in check mode its dry run."""
        written = self._asked(verb, lambda: write(self._context.check_mode))
        if not self._context.check_mode:
            self._wrote()
        return written

    def _asked(self, verb: str, ask: Callable[[], Written]) -> Written:
        self._context.ensure_wanted()
        try:
            return ask()
        except (Stale, AlreadyExists):
            raise
        except KubeRayError as error:
            error.while_doing(f"{verb} {self._ref} through {self._transport.name}")
            raise
