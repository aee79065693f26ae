#!/usr/bin/env bash
# Copyright (c) 2026 the kuberay.core authors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The main job on a Kubernetes API that is there: KUBECONFIG, kubectl and ansible-playbook are set up by `make demo`.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export ANSIBLE_LOCALHOST_WARNING=false ANSIBLE_INVENTORY_UNPARSED_WARNING=false
export ANSIBLE_FORCE_COLOR="${ANSIBLE_FORCE_COLOR-$([ -t 1 ] && echo true || echo false)}"

SERVICE=/api/v1/namespaces/default/services/greet-serve-svc:8000/proxy/

step() {
    local title=$1 command=${*:2}
    shift
    command=${command#unchanged }
    printf '\n\n== %s\n$ %s\n' "$title" "${command#answers * }"
    "$@"
}

unchanged() {
    local output
    output=$("$@")
    printf '%s\n' "$output"
    [[ $output == *changed=0* ]] || { echo "the second run changed something" >&2; exit 1; }
}

answers() {
    local output
    output=$("${@:2}")
    printf '%s\n' "$output"
    [[ $output == "$1" ]] || { echo "it was to answer $1" >&2; exit 1; }
}

step 'A compute template, as KubeRay stores it' kubectl apply -f template.yml
step 'A Ray cluster with two worker groups, ready when the task ends' ansible-playbook cluster.yml
step 'The same again: nothing to do, one request' unchanged ansible-playbook cluster.yml
step 'What would happen with a third small worker?' ansible-playbook cluster.yml --check --diff -e small_workers=3
step 'Scale in place' ansible-playbook cluster.yml --diff -e small_workers=3
step 'What Kubernetes says' kubectl get rayclusters,pods
step 'A job on real Ray, on a cluster of its own, finished when the task ends' ansible-playbook job.yml
step 'The same again: a job that is finished is not run again' unchanged ansible-playbook job.yml
step 'A service on real Ray Serve, answering when the task ends' ansible-playbook service.yml
step 'Ask it' answers hello kubectl get --raw "$SERVICE"
step 'Another config, in place: no new cluster, no new pod' ansible-playbook service.yml --diff -e greeting=welcome
step 'Ask it again' answers welcome kubectl get --raw "$SERVICE"
step 'Delete it all and wait until its pods are gone' ansible-playbook teardown.yml

cat <<'END'


== Where to go from here
make lab-up                                             a lab that stays, to try things on
ansible-doc -t module kuberay.core.kuberay_cluster      every option (in `make shell`)
tests/demo/cluster.yml                                  the playbook that you have just seen
README.md                                               installing the collection, and the connection to your own Kubernetes
END
