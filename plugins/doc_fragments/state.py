# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of every module that manages objects."""

from __future__ import annotations

from textwrap import indent

_ONE = r"""
name:
  description: The name of the object. It may come from O(definition) or O(src) instead.
  type: str
namespace:
  description: Its namespace; that of the kubeconfig's context if left out, else V(default).
  type: str
definition:
  description:
    - The whole object in the words of the Kubernetes API, as a mapping or as a YAML text, instead of the options
      that describe it. An object as C(kubectl get -o yaml) shows it will do; what the server keeps about it
      (status, uid and the like) is ignored.
    - Use the P(ansible.builtin.template#lookup) lookup for a file that is a template.
  type: raw
  aliases: [resource_definition]
src:
  description:
    - Path of a YAML file on the controller with the whole object, instead of O(definition). A relative path is
      looked for as Ansible looks for files, and a file that is encrypted with Ansible Vault is decrypted.
  type: path
gather:
  description:
    - Facts that cost requests of their own; a wait or a failure that read them anyway returns them too.
    - V(events) and V(pods) are one request each. V(external) reads what leads to the head from outside (its Service,
      and the Ingress or Route where the spec asks for one), one request each.
  type: list
  elements: str
  choices: [events, pods, external]
  default: []
"""

_MANY = r"""
state:
  description:
    - V(present) makes the object be as the task says, and removes what an earlier task said and this one does not.
    - V(patched) lays what the task says over the object that is there, removes nothing, and fails where there is
      none.
    - V(absent) deletes it.
  type: str
  choices: [present, patched, absent]
  default: present
recreate:
  description:
    - What to do about a change that a live object does not take.
    - V(never) fails where the change is impossible. Where the operator stores it and goes on with what is running,
      the change is written, and a warning says what stays as it was.
    - V(when_needed) then deletes the object, waits until it and its pods are gone, and creates it again. The task
      waits for that even with O(wait=false). What others had set on the object is kept.
    - V(always) does so on every run.
    - The new object is tried by a dry run before the old one is deleted.
  type: str
  choices: [never, when_needed, always]
  default: never
validate:
  description:
    - Whether to check the operator's own rules before anything is sent. The operator refuses an object by an event
      only, when it is stored already.
    - V(strict) fails on an object that would be refused, and warns of what depends on something that is not known,
      such as the version of KubeRay. V(warn) only warns, V(off) does not look.
  type: str
  choices: [strict, warn, "off"]
  default: strict
kuberay_version:
  description:
    - The version of the KubeRay operator, such as V("1.7.0"), where it is known. Quote it, because YAML takes C(1.10)
      for C(1.1).
    - The rules are then those of that version, and a field that it does not know is refused.
  type: raw
delete_options:
  description: How to delete.
  type: dict
  suboptions:
    propagation_policy:
      description:
        - What becomes of the object's pods with O(state=absent). It is V(Foreground) if left out, which a wait can
          follow to their end.
      type: str
      choices: [Foreground, Background, Orphan]
    grace_period_seconds:
      description: Seconds that the object is given.
      type: int
redact:
  description: Whether values that look secret are hidden in the result and the diff.
  type: bool
  default: true
"""


class ModuleDocFragment:
    """Included as kuberay.core.state, and by what manages many objects as kuberay.core.state.many."""

    # Annotated: ansible-test takes plain assignments for literals.
    DOCUMENTATION: str = "options:" + indent(_ONE + _MANY, "  ")
    MANY: str = "options:" + indent(_MANY, "  ")
