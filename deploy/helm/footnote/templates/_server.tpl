{{- /* Names the ConfigMap of the servers' environment. */}}
{{- define "footnote.serverConfigName" -}}
{{ include "footnote.fullname" . }}-server
{{- end }}

{{- define "footnote.serverEnvironment" -}}
{{- with .Values.server -}}
FOOTNOTE_THREADS: {{ .threads | quote }}
FOOTNOTE_QUEUE_LIMIT: {{ .queueLimit | quote }}
FOOTNOTE_CACHE_MB: {{ .cacheMb | quote }}
FOOTNOTE_SEARCH_MB: {{ .searchMb | quote }}
FOOTNOTE_MAX_DEADLINE: {{ .maxDeadline | quote }}
FOOTNOTE_DRAIN_DELAY: {{ printf "%vs" .drainDelaySeconds }}
FOOTNOTE_GRACE: {{ printf "%vs" .graceSeconds }}
FOOTNOTE_SCRUB_MB_PER_SECOND: {{ .scrubMbPerSecond | quote }}
{{- end }}
{{- with .Values.metrics.port }}
FOOTNOTE_METRICS_LISTEN: {{ printf "0.0.0.0:%v" . | quote }}
{{- end }}
{{- end }}

{{- /* The annotation by which a changed configuration replaces the pods. */}}
{{- define "footnote.configChecksum" -}}
checksum/config: {{ include "footnote.serverEnvironment" . | sha256sum }}
{{- end }}

{{- /* Time for a pod to end: all that comes before and after SIGTERM, and 5 s. */}}
{{- define "footnote.terminationSeconds" -}}
{{- with .Values.server -}}
{{ add .preStopSleepSeconds .drainDelaySeconds .graceSeconds 5 }}
{{- end }}
{{- end }}

{{- /* A serving container but for its volumes; of a dict with root, env and
resources. Probes ask gRPC's own health service: "" is readiness, "liveness" is
true for as long as the process runs. */}}
{{- define "footnote.serverContainer" -}}
name: server
{{- include "footnote.container" .root | nindent 0 }}
command: [footnote-server]
ports:
  - {name: grpc, containerPort: 50051}
  {{- with .root.Values.metrics.port }}
  - {name: metrics, containerPort: {{ . }}}
  {{- end }}
envFrom:
  - configMapRef: {name: {{ include "footnote.serverConfigName" .root }}}
  {{- with .secret }}
  - secretRef: {name: {{ . }}}
  {{- end }}
env:
  {{- range $name, $value := .env }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
  {{- with .root.Values.server.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
startupProbe:
  grpc: {port: 50051, service: liveness}
  periodSeconds: 1
  failureThreshold: 120
livenessProbe:
  grpc: {port: 50051, service: liveness}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  grpc: {port: 50051}
  periodSeconds: 2
  timeoutSeconds: 2
  failureThreshold: 2
{{- with .root.Values.server.preStopSleepSeconds }}
{{- if semverCompare ">=1.30.0-0" $.root.Capabilities.KubeVersion.Version }}
lifecycle:
  preStop:
    sleep: {seconds: {{ . }}}
{{- end }}
{{- end }}
resources:
  {{- toYaml .resources | nindent 2 }}
{{- end }}
