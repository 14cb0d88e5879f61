{{- /* The volume that a replica has its collections on. */}}
{{- define "footnote.indexVolume" -}}
{{- with .Values.index }}
{{- if eq .mode "imageVolume" }}
{{- if semverCompare "<1.33.0-0" $.Capabilities.KubeVersion.Version }}
{{- fail (printf "index.mode imageVolume needs Kubernetes 1.33, not %s; pull and baked do without" $.Capabilities.KubeVersion.Version) }}
{{- end }}
image: {reference: {{ .image.reference }}, pullPolicy: {{ .image.pullPolicy }}}
{{- else if eq .mode "claim" }}
persistentVolumeClaim: {claimName: {{ .claimName }}, readOnly: true}
{{- else if .sizeLimit }}
emptyDir: {sizeLimit: {{ .sizeLimit }}}
{{- else }}
emptyDir: {}
{{- end }}
{{- end }}
{{- end }}

{{- define "footnote.pullCommand" -}}
{{- $command := list "footnote-index" "pull" .Values.store.url }}
{{- range .Values.index.collections }}
{{- $command = concat $command (list "--collection" .) }}
{{- end }}
{{- toJson $command }}
{{- end }}
