{{- /*
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
Copyright (c) 2026 the kuberay.core authors
SPDX-License-Identifier: GPL-3.0-or-later
*/ -}}
{{- $v := .Values }}
{{- $service := printf "%s-service" (ternary .Release.Name (printf "%s-kuberay-apiserver" .Release.Name) (contains "kuberay-apiserver" .Release.Name)) }}
{{- $selector := dict "app.kubernetes.io/component" "kuberay-apiserver" "app.kubernetes.io/name" .Release.Name }}
apiVersion: v1
kind: ServiceAccount
metadata: {name: {{ $v.name }}}
---
apiVersion: v1
kind: Service
metadata: {name: {{ $service }}}
spec:
  type: {{ $v.service.type }}
  selector: {{ toJson $selector }}
  ports:
    {{- range $v.service.ports }}
    - name: {{ .name }}
      port: {{ .port }}
      {{- if $v.security }}
      targetPort: {{ ternary $v.security.env.HTTP_LOCAL_PORT $v.security.env.GRPC_LOCAL_PORT (eq .name "http") }}
      {{- else }}
      targetPort: {{ .targetPort }}
      {{- end }}
      {{- with .nodePort }}
      nodePort: {{ . }}
      {{- end }}
    {{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ $v.name }}}
spec:
  replicas: {{ $v.replicaCount }}
  selector: {matchLabels: {{ toJson $selector }}}
  template:
    metadata:
      labels: {{ merge (dict) $selector $v.labels | toJson }}
      annotations: {{ toJson $v.annotations }}
    spec:
      serviceAccountName: {{ $v.serviceAccount.name }}
      containers:
        - name: {{ $v.name }}-container
          image: {{ $v.image.repository }}:{{ $v.image.tag }}
          args:
            - --enable-api-server-v2={{ $v.enableAPIServerV2 }}
            {{- if $v.cors }}
            - --cors-allow-origin={{ $v.cors.allowOrigin }}
            {{- end }}
          ports: {{ toJson $v.containerPort }}
          resources: {{ toJson $v.resources }}
        {{- if $v.security }}
        - name: security-proxy-container
          image: {{ $v.security.proxy.repository }}:{{ $v.security.proxy.tag }}
          env:
            {{- range $key, $value := $v.security.env }}
            - {name: {{ $key }}, value: {{ $value | quote }}}
            {{- end }}
        {{- end }}
        {{- with $v.sidecarContainers }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- if $v.ingress.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: {{ trimSuffix "-service" $service }}}
spec:
  {{- with $v.ingress.className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- with $v.ingress.tls }}
  tls: {{ toJson . }}
  {{- end }}
  rules:
    {{- range $v.ingress.hosts }}
    - host: {{ .host | quote }}
      http:
        paths:
          {{- range .paths }}
          - path: {{ .path }}
            pathType: {{ .pathType }}
            backend: {service: {name: {{ $service }}, port: {number: 8888}}}
          {{- end }}
    {{- end }}
{{- end }}
