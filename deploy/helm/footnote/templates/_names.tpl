{{- define "footnote.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- /* Leaves room for the suffixes of components within 63 characters. */}}
{{- define "footnote.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains (include "footnote.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "footnote.name" .) | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "footnote.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "footnote.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- /* Of a dict with root and component. */}}
{{- define "footnote.selectorLabels" -}}
app.kubernetes.io/name: {{ include "footnote.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- /* Of pods: nothing that a new version of the chart changes. The dict may have
more labels as "extra". */}}
{{- define "footnote.podLabels" -}}
{{ include "footnote.selectorLabels" . }}
app.kubernetes.io/part-of: footnote
{{- with merge (dict) (default (dict) .extra) .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "footnote.labels" -}}
{{ include "footnote.podLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "footnote.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end }}
{{- end }}
{{- end }}
