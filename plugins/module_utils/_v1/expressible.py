# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a resource V1 cannot say, or not keep; what it says and never tells again.

It is found by translating: what encoding leaves of a resource has no place in a message, whatever it is.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ansible_collections.kuberay.core.plugins.module_utils._desired.resources import ComputeTemplate
from ansible_collections.kuberay.core.plugins.module_utils._errors import OptionError
from ansible_collections.kuberay.core.plugins.module_utils._kinds import (
    JOB,
    MANAGED_BY,
    SERVICE,
    TEMPLATE,
    TEMPLATE_ANNOTATION,
    V1_MANAGER,
    Kind,
)
from ansible_collections.kuberay.core.plugins.module_utils._lint.parts import Part
from ansible_collections.kuberay.core.plugins.module_utils._lint.versions import Version
from ansible_collections.kuberay.core.plugins.module_utils._objects.quantities import same_quantity
from ansible_collections.kuberay.core.plugins.module_utils._objects.record import ANNOTATION
from ansible_collections.kuberay.core.plugins.module_utils._objects.schema import Node
from ansible_collections.kuberay.core.plugins.module_utils._plan.changes import changes, leaves
from ansible_collections.kuberay.core.plugins.module_utils._v1.cluster import VERSION_LABEL
from ansible_collections.kuberay.core.plugins.module_utils._v1.codec import NOTHING
from ansible_collections.kuberay.core.plugins.module_utils._v1.environment import HEAD_OWN, WORKER_OWN
from ansible_collections.kuberay.core.plugins.module_utils._v1.losses import returned
from ansible_collections.kuberay.core.plugins.module_utils._v1.option import option_of
from ansible_collections.kuberay.core.plugins.module_utils._v1.rules import REFUSED, WARNED, groups_of
from ansible_collections.kuberay.core.plugins.module_utils._v1.since import too_old
from ansible_collections.kuberay.core.plugins.module_utils._v1.translate import form_of, to_message, to_resource

Json = dict[str, Any]
Templates = Mapping[str, ComputeTemplate]
# The transports that have all that a custom resource can say.
OTHERS = ("kubernetes", "apiserver_v2")
# What a wish speaks about; the rest of an object is the server's.
_WISHED, _WISHED_METADATA = ("metadata", "spec", "data"), ("name", "namespace", "labels", "annotations")
_NO_PLACE = "V1 has no field for it"
_HIDDEN = "V1 takes it and never returns it: a later change of it alone will not be seen"

# Why, where more is known than that there is no place. The first one that fits the end of a path counts.
_REASONS = tuple(
    (re.compile(f"(?:{pattern})$"), reason)
    for pattern, reason in (
        (r"volumes\[[^]]*\]\.secret\.items(\[.*)?", "V1's server ends when it reads a secret volume with items back"),
        (
            r"volumes\[[^]]*\](\..*)?|volumeMounts\[[^]]*\](\..*)?",
            "V1 has volumes of six kinds, each with one whole mount in Ray's container and no further settings; "
            "its server ends when it reads a volume without a mount",
        ),
        (rf"env\[({'|'.join(sorted(HEAD_OWN | WORKER_OWN))})\]", "V1 sets this variable itself"),
        (r"submitterPodTemplate.*", "V1 has the image, the cpu and the memory of a job's submitter"),
        (r"autoscalerOptions\.resources.*", "V1 has one amount of cpu and of memory, for request and limit alike"),
        (r"autoscalerOptions\.env.*", "V1 gives the autoscaler texts, and whole ConfigMaps and Secrets"),
        (r"resources\..*|resources|tolerations\[.*|tolerations", "V1 has what the compute template says, and no more"),
        (r"containers\[[^]]*\]\.name", "V1 calls Ray's container ray-head or ray-worker"),
        (r"containers\[[^]]*\]", "V1 has Ray's own container only"),
        (r"imagePullSecrets\[.*", "V1 has one for each group, with a name of more than one character"),
        (r"serviceAccountName", "V1 drops a name of one character"),
        (r"imagePullPolicy", "V1 has Always and IfNotPresent"),
        (r"entrypointNumGpus", "V1's server takes it and stores it nowhere"),
        (r"idleTimeoutSeconds", "V1's server looks at no 0"),
    )
)
_ANNOTATIONS = {
    JOB.name: "V1 makes the annotations of a job from its metadata",
    SERVICE.name: "V1 has no annotations for a service",
}


class Problem(NamedTuple):
    """One thing that V1 does not do as it is asked: ``path`` in the resource, the option that made it, and why.

    What is not ``refused`` is done and cannot be seen again. ``transports`` do all of it.
    """

    path: str
    option: str
    reason: str
    refused: bool = True
    transports: tuple[str, ...] = OTHERS

    def __str__(self) -> str:
        where = self.option if self.path.endswith(self.option) else f"{self.option} ({self.path})"
        return f"{where}: {self.reason}"


def inexpressible(
    kind: Kind, resource: Json, templates: Templates | None = None, version: Version | None = None
) -> list[Problem]:
    """Everything of a resource that V1 does not do as it is asked.

    ``templates`` are those that its groups name: what a group has besides is no template's. Without them resources and
    tolerations are believed to be copies of a template. ``version`` is the server's, where it is known.
    """
    given = _without_v1s_own(kind, resource, templates)
    left = form_of(kind).codec.encode(given)[1]
    found = [
        Problem(part.path, option_of(kind, part.path), _reason(kind, part.path))
        for part in _left_over(left, Part(given), kind.schema)
    ]
    if version is not None:
        found += _too_new(kind, to_resource(kind, to_message(kind, given)), version)
    if kind is not TEMPLATE:
        found += [_told(kind, part, reason, True) for rule in REFUSED for part, reason in rule(kind, Part(resource))]
        found += [_told(kind, part, reason, False) for rule in WARNED for part, reason in rule(kind, Part(resource))]
        found += _hidden(kind, to_message(kind, given))
    return found


def ensure_expressible(
    kind: Kind, resource: Json, templates: Templates | None = None, version: Version | None = None
) -> list[str]:
    """Warnings about what V1 will not tell again; OptionError for what it cannot do, before anything is sent."""
    found = inexpressible(kind, resource, templates, version)
    refused = [problem for problem in found if problem.refused]
    if refused:
        told = "; ".join(dict.fromkeys(map(str, refused)))
        raise OptionError(
            f"KubeRay's APIServer V1 cannot do this: {told}. For what V1 does not have, use api: {' or '.join(OTHERS)}",
            details=[problem._asdict() for problem in refused],
        )
    return list(dict.fromkeys(map(str, found)))


def _told(kind: Kind, part: Part, reason: str, refused: bool) -> Problem:
    return Problem(part.path, option_of(kind, part.path), reason, refused)


def _reason(kind: Kind, path: str) -> str:
    if path.startswith("metadata.annotations"):
        return _ANNOTATIONS.get(kind.name, _NO_PLACE)
    return next((reason for pattern, reason in _REASONS if pattern.search(path)), _NO_PLACE)


def _too_new(kind: Kind, said: Json, version: Version) -> list[Problem]:
    """What a message says that this server does not know."""
    known = ((leaf.path, too_old(leaf.path, leaf.after, version)) for leaf in leaves(said, kind.schema, "add"))
    return [
        Problem(path, option_of(kind, path), f"V1 has it since KubeRay {since}, this one is {version}")
        for path, since in known
        if since
    ]


def _hidden(kind: Kind, message: Json) -> list[Problem]:
    """What is sent and does not come back."""
    sent, back = (to_resource(kind, one) for one in (message, returned(kind.name, message, hidden_only=True)))
    return [
        Problem(change.path, option_of(kind, change.path), _HIDDEN, refused=False)
        for change in changes(sent["spec"], back["spec"], kind.schema.child("spec"), "spec")
    ]


def _left_over(rest: Any, given: Part, node: Node) -> Iterator[Part]:
    """What was not taken and says something: a block as a whole where nothing of it was.

    The members of the user's own maps and of keyed lists are told one by one.
    """
    if rest is NOTHING or _says_nothing(rest, node):
        return
    if rest == given.value and not (node.is_map or node.keys):
        yield Part(rest, given.path)
    elif isinstance(rest, dict):
        for key, below in rest.items():
            yield from _left_over(below, given[key], node.child(key))
    elif isinstance(rest, list):
        # Members are called as they are where changes are told.
        names = node.index(given.value) or range(len(rest))
        for name, below, member in zip(names, rest, given.value, strict=True):
            # An empty member is one that was taken.
            yield from _left_over(below or NOTHING, Part(member, f"{given.path}[{name}]"), node.member())
    else:
        yield Part(rest, given.path)


def _says_nothing(value: Any, node: Node) -> bool:
    """Whether a value is as good as none: empty, and not a block that means something by being there."""
    if isinstance(value, dict):
        return (value != {} or node.shape is dict) and all(
            _says_nothing(below, node.child(key)) for key, below in value.items()
        )
    return value is None or value == [] or (value == "" and not node.text)


def _without_v1s_own(kind: Kind, resource: Json, templates: Templates | None) -> Json:
    """A copy of the resource without what V1 writes by itself, as it would."""
    given = copy.deepcopy({part: value for part, value in resource.items() if part in _WISHED})
    given["metadata"] = {field: value for field, value in given["metadata"].items() if field in _WISHED_METADATA}
    metadata = given["metadata"]
    _take_equal(metadata.get("labels"), _own_labels(kind, given))
    annotations = metadata.get("annotations") or {}
    if kind in (JOB, SERVICE, TEMPLATE):
        annotations.pop(ANNOTATION, None)
    if kind is JOB:
        _take_equal(annotations, given["spec"].get("metadata") or {})
    if kind is TEMPLATE:
        _take_equal(given.get("data"), {field: metadata.get(field) for field in ("name", "namespace")})
        return given
    for group in groups_of(kind, Part(given)):
        _take_template(group.value, templates)
    return given


def _own_labels(kind: Kind, resource: Json) -> Json:
    name = resource["metadata"].get("name")
    if kind is TEMPLATE:
        return {TEMPLATE_ANNOTATION: name}
    own = {"app.kubernetes.io/name": "kuberay", MANAGED_BY: V1_MANAGER}
    if kind is not SERVICE:
        own["ray.io/cluster-name"] = name
    return {**own, VERSION_LABEL: resource["spec"].get("rayVersion", NOTHING)}


def _take_equal(mapping: Json | None, own: Mapping[str, Any]) -> None:
    for key, value in own.items():
        if mapping and key in mapping and mapping[key] == value:
            del mapping[key]


def _take_template(group: Json, templates: Templates | None) -> None:
    """Take what a group has from its compute template."""
    template = group.get("template") or {}
    name = ((template.get("metadata") or {}).get("annotations") or {}).get(TEMPLATE_ANNOTATION)
    pod = template.get("spec") or {}
    container: Json = next(iter(pod.get("containers") or []), {})
    if not name:
        return
    if templates is None or name not in templates:
        container.pop("resources", None)
        pod.pop("tolerations", None)
        return
    known = templates[name]
    for side in ("requests", "limits"):
        amounts = (container.get("resources") or {}).get(side) or {}
        for resource, amount in known.resources.items():
            if resource in amounts and same_quantity(amounts[resource], amount):
                del amounts[resource]
    if "tolerations" in pod:
        pod["tolerations"] = [one for one in pod["tolerations"] if one not in known.tolerations]
