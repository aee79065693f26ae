# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options of every module."""

from __future__ import annotations


class ModuleDocFragment:
    """Included as kuberay.core.connection."""

    DOCUMENTATION = r"""
options:
  api_version:
    description:
      - The API version of the objects. V(ray.io/v1alpha1) is deprecated; it is for KubeRay 0.6, which has no other.
      - With it, objects are read and written through V(ray.io/v1) all the same wherever that is served, because a write
        through the older version deletes every field that it does not know.
    type: str
    choices: [ray.io/v1, ray.io/v1alpha1]
    default: ray.io/v1
  kubeconfig:
    description:
      - Path of a kubeconfig file, or its content as a mapping. A relative path is looked for as Ansible looks for
        files, and a file that is encrypted with Ansible Vault is decrypted.
      - Left out, the E(KUBECONFIG) variable, then the pod that the task runs in, then C(~/.kube/config) are used.
      - The E(K8S_AUTH_KUBECONFIG) environment variable is used where the option is not set.
    type: raw
  context:
    description:
      - The context of the kubeconfig; its current one if left out.
      - The E(K8S_AUTH_CONTEXT) environment variable is used where the option is not set.
    type: str
  host:
    description:
      - The URL of the Kubernetes API. With O(api_key), O(username) or O(client_cert) no kubeconfig is read unless one
        is named; else this takes the place of the kubeconfig's URL.
      - The E(K8S_AUTH_HOST) environment variable is used where the option is not set.
    type: str
  api_key:
    description:
      - A bearer token.
      - The E(K8S_AUTH_API_KEY) environment variable is used where the option is not set.
    type: str
  username:
    description:
      - A user name, for servers that take basic authentication.
      - The E(K8S_AUTH_USERNAME) environment variable is used where the option is not set.
    type: str
  password:
    description:
      - The password that goes with O(username).
      - The E(K8S_AUTH_PASSWORD) environment variable is used where the option is not set.
    type: str
  client_cert:
    description:
      - Path of a client certificate.
      - The E(K8S_AUTH_CERT_FILE) environment variable is used where the option is not set.
    type: path
    aliases: [cert_file]
  client_key:
    description:
      - Path of the client certificate's key.
      - The E(K8S_AUTH_KEY_FILE) environment variable is used where the option is not set.
    type: path
    aliases: [key_file]
  ca_cert:
    description:
      - Path of the CA certificate that the server's certificate is checked with.
      - The E(K8S_AUTH_SSL_CA_CERT) environment variable is used where the option is not set.
    type: path
    aliases: [ssl_ca_cert]
  validate_certs:
    description:
      - Whether to check the server's certificate. There is no default, so that a kubeconfig's own setting holds.
      - The E(K8S_AUTH_VERIFY_SSL) environment variable is used where the option is not set.
    type: bool
    aliases: [verify_ssl]
  proxy:
    description:
      - The URL of an HTTP proxy.
      - The E(K8S_AUTH_PROXY) environment variable is used where the option is not set.
    type: str
  no_proxy:
    description:
      - Hosts that are reached without the proxy, separated by commas.
      - The E(K8S_AUTH_NO_PROXY) environment variable is used where the option is not set.
    type: str
  impersonate_user:
    description:
      - The user to act as.
      - The E(K8S_AUTH_IMPERSONATE_USER) environment variable is used where the option is not set.
    type: str
  impersonate_groups:
    description:
      - The groups to act as.
      - The E(K8S_AUTH_IMPERSONATE_GROUPS) environment variable (separated by commas) is used where the option is not
        set.
    type: list
    elements: str
requirements:
  - python >= 3.10
  - kubernetes >= 28
"""
