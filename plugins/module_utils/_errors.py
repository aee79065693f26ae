# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one exception family. It is raised below and turned into a task's failure at the edge, once.

A message says what was tried, on which object and transport, what came back, and what to do.
"""

from __future__ import annotations

from typing import Any


class KubeRayError(Exception):
    """Something that a user can read and act on.

    ``kind`` names the class of error in results (``error.kind``); ``status`` and ``reason`` are the server's, where one
    answered; ``facts`` are result keys (the live object, its facts) that are known in spite of the failure.
    """

    kind = "error"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        reason: str | None = None,
        details: Any = None,
        facts: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.reason = reason
        self.details = details
        self.facts = facts or {}

    def while_doing(self, what: str) -> None:
        """Begin the message with what was tried, on which object and through which door."""
        self.message = f"{what} failed: {self.message}"
        self.args = (self.message,)

    def as_result(self) -> dict[str, Any]:
        """The ``error`` key of a failed result: ``{kind, status, reason, details}``."""
        return {"kind": self.kind, "status": self.status, "reason": self.reason, "details": self.details}


class OptionError(KubeRayError):
    """An option's value cannot be used; nothing was sent."""

    kind = "option"


class CredentialsError(KubeRayError):
    """No usable kubeconfig or credentials; nothing was sent."""

    kind = "credentials"


class ConnectionFailed(KubeRayError):
    """No answer came: no route, no TLS, a broken or silent connection."""

    kind = "connection"
    # Whether asking again may help: a certificate that is not trusted now will not be in a second.
    may_heal = True


class ApiError(KubeRayError):
    """The server answered, and the answer is a refusal."""

    kind = "api"
    # Whether an earlier try of the same request got no answer, so that it may have been the one that counted.
    unanswered = False


class NotFound(ApiError):
    """404: the object, its namespace or its kind is not there."""

    kind = "not_found"


class AlreadyExists(ApiError):
    """409 on create: somebody made the object meanwhile."""

    kind = "already_exists"


class Stale(ApiError):
    """The object changed between our read and our write; nothing was written."""

    kind = "stale"


class NeedsRecreate(KubeRayError):
    """The live object does not take this change in place."""

    kind = "needs_recreate"


class VersionsDropped(KubeRayError):
    """A CRD would lose a version that objects are, or were, stored in; nothing was written."""

    kind = "versions_dropped"


class BeingDeleted(KubeRayError):
    """A CRD is on its way out; nothing was written."""

    kind = "being_deleted"


class WaitFailed(KubeRayError):
    """What was waited for cannot come any more."""

    kind = "wait_failed"


class WaitTimeout(KubeRayError):
    """What was waited for did not come in time."""

    kind = "wait_timeout"


class JobFailed(KubeRayError):
    """The job came to its end, and that is not a good one."""

    kind = "job_failed"


class Abandoned(KubeRayError):
    """The run that this task belongs to has ended; nothing further is written."""

    kind = "abandoned"


class Stopped(KubeRayError):
    """One of many objects that was not gone on with, because of others."""

    kind = "stopped"


class SomeFailed(KubeRayError):
    """Some of many objects failed; each has an error of its own."""

    kind = "some_failed"
