# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of every module that reads objects."""

from __future__ import annotations


class ModuleDocFragment:
    """Included as kuberay.core.reading."""

    DOCUMENTATION = r"""
options:
  name:
    description: The name of one object; none is returned where there is none. All of a selection if left out.
    type: str
  namespace:
    description: Their namespace; that of the kubeconfig's context if left out, else V(default).
    type: str
  all_namespaces:
    description: Whether to look in all namespaces.
    type: bool
    default: false
  label_selectors:
    description: Label selectors, such as V(team=vision); all of them have to hold.
    type: list
    elements: str
    default: []
  field_selectors:
    description: Field selectors, such as V(metadata.name=demo); all of them have to hold.
    type: list
    elements: str
    default: []
  gather:
    description:
      - Facts that cost requests of their own, for each object.
      - V(events) and V(pods) are one request each. V(external) reads what leads to the head from outside (its Service,
        and the Ingress or Route where the spec asks for one), one request each.
    type: list
    elements: str
    choices: [events, pods, external]
    default: []
  redact:
    description: Whether values that look secret are hidden in the result.
    type: bool
    default: true
"""
