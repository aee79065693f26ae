# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection options of every module."""

from __future__ import annotations


class ModuleDocFragment:
    """Included as kuberay.core.connection and kuberay.core.connection.kubernetes."""

    # The door to KubeRay.
    DOCUMENTATION = r"""
options:
  api:
    description:
      - The door to KubeRay that is taken. Tasks, results and facts are the same through each of them, as far as it
        shows them.
      - V(kubernetes) is the Kubernetes API. It shows all there is, and tells of changes at once.
      - V(apiserver_v2) is V2 of KubeRay's APIServer (KubeRay 1.4 and later), which passes requests on to the Kubernetes
        API with its own credentials. It shows no pods and no other objects than KubeRay's, and is asked again and again
        while something is waited for.
      - V(apiserver_v1) is V1 of KubeRay's APIServer, which has objects of its own that say less. What they cannot say
        is refused before anything is written, by the name of the option.
      - The E(KUBERAY_API) environment variable is used where the option is not set.
    type: str
    choices: [kubernetes, apiserver_v1, apiserver_v2]
    default: kubernetes
  apiserver_url:
    description:
      - The URL of the APIServer, for O(api=apiserver_v1) and O(api=apiserver_v2), with what stands before C(/apis) if
        it is behind an ingress. O(kubeconfig), O(host) and the other options of the Kubernetes API are not used then,
        but for O(validate_certs), O(proxy) and O(no_proxy); the namespace is V(default) where none is named.
      - The E(KUBERAY_APISERVER_URL) environment variable is used where the option is not set.
    type: str
  apiserver_token:
    description:
      - What is sent as the C(Authorization) header to O(apiserver_url), as it stands. The token of KubeRay's security
        proxy goes alone; a Kubernetes token goes after the word C(Bearer) and a space.
      - V2 hands the header on to the Kubernetes API, which does not know the security proxy's token. V1 does not.
      - The E(KUBERAY_APISERVER_TOKEN) environment variable is used where the option is not set.
    type: str
  apiserver_ca_cert:
    description:
      - Path of the CA certificate that the certificate of O(apiserver_url) is checked with.
      - The E(KUBERAY_APISERVER_CA_CERT) environment variable is used where the option is not set.
    type: path
  apiserver_service:
    description:
      - The Kubernetes Service of the APIServer, in place of O(apiserver_url). It is reached through the Kubernetes API
        with the credentials for that, so that no port has to be opened or forwarded. The account has to be allowed to
        C(get), C(create), C(update), C(patch) and C(delete) C(services/proxy) there.
      - The Kubernetes API keeps the C(Authorization) header for itself, so that O(apiserver_token) cannot go along.
      - The E(KUBERAY_APISERVER_SERVICE) environment variable, such as V(namespace=ray-system,name=apiserver), is used
        where the option is not set.
    type: dict
    suboptions:
      namespace:
        description: The namespace of the Service.
        type: str
        required: true
      name:
        description: The name of the Service; by default that of KubeRay's chart.
        type: str
        default: kuberay-apiserver-service
      port:
        description: The number or the name of its port.
        type: raw
        default: 8888
      scheme:
        description: What is spoken there.
        type: str
        choices: [http, https]
        default: http
  apiserver_base_path:
    description:
      - Where V1 is on the APIServer. V(auto) takes V(/apis/v1), and V(/apis/v1alpha2) on a server that does not have it
        (before KubeRay 1.0).
      - The E(KUBERAY_APISERVER_BASE_PATH) environment variable is used where the option is not set.
    type: str
    choices: [auto, /apis/v1, /apis/v1alpha2]
    default: auto
  api_version:
    description:
      - The API version of the objects, for O(api=kubernetes). V(ray.io/v1alpha1) is deprecated; it is for KubeRay 0.6,
        which has no other.
      - With it, objects are read and written through V(ray.io/v1) all the same wherever that is served, because a write
        through the older version deletes every field that it does not know.
    type: str
    choices: [ray.io/v1, ray.io/v1alpha1]
    default: ray.io/v1
"""

    # The way to the Kubernetes API.
    KUBERNETES = r"""
options:
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
