{{- /*
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
Copyright (c) 2026 the kuberay.core authors
SPDX-License-Identifier: GPL-3.0-or-later
*/ -}}
{{- $v := .Values }}
{{- $name := $v.fullnameOverride }}
{{- if not (regexMatch "^[1-9][0-9]*$" (toString $v.reconcileConcurrency)) }}
{{- fail (printf "reconcileConcurrency has to be a positive number, and is %v" $v.reconcileConcurrency) }}
{{- end }}
{{- $gates := list }}
{{- range $v.featureGates }}
{{- $gates = append $gates (printf "%s=%t" .name .enabled) }}
{{- end }}
{{- $watched := $v.watchNamespace | default (ternary (list .Release.Namespace) list $v.singleNamespaceInstall) }}
{{- $selector := dict "app.kubernetes.io/name" $name "app.kubernetes.io/instance" .Release.Name }}
apiVersion: v1
kind: ServiceAccount
metadata: {name: {{ $v.serviceAccount.name }}}
---
apiVersion: v1
kind: Service
metadata: {name: {{ $name }}}
spec:
  type: {{ $v.service.type }}
  selector: {{ toJson $selector }}
  ports: [{name: http, port: {{ $v.service.port }}, targetPort: http}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels: {{ merge (dict "helm.sh/chart" (printf "%s-%s" .Chart.Name .Chart.Version)) $v.labels | toJson }}
spec:
  replicas: {{ $v.replicas }}
  strategy: {type: Recreate}
  selector: {matchLabels: {{ toJson $selector }}}
  template:
    metadata:
      labels: {{ merge (dict) $selector $v.labels | toJson }}
      annotations: {{ toJson $v.annotations }}
    spec:
      serviceAccountName: {{ $v.serviceAccount.name }}
      imagePullSecrets: {{ toJson $v.imagePullSecrets }}
      nodeSelector: {{ toJson $v.nodeSelector }}
      tolerations: {{ toJson $v.tolerations }}
      containers:
        - name: kuberay-operator
          image: {{ $v.image.repository }}:{{ $v.image.tag }}
          imagePullPolicy: {{ $v.image.pullPolicy }}
          command: [{{ $v.operatorCommand }}]
          args:
            - --feature-gates={{ join "," $gates }}
            - --watch-namespace={{ join "," $watched }}
            - --reconcile-concurrency={{ $v.reconcileConcurrency }}
            - --qps={{ $v.kubeClient.qps }}
          env: {{ $v.env | default list | toJson }}
          resources: {{ toJson $v.resources }}
          ports: [{name: http, containerPort: 8080}]
