{{- /* What every pod has, by the restricted Pod Security standard. */}}
{{- define "footnote.pod" -}}
serviceAccountName: {{ include "footnote.serviceAccountName" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- /* What every container has. */}}
{{- define "footnote.container" -}}
image: {{ include "footnote.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  capabilities: {drop: [ALL]}
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- /* Where the pods of a server go; of a dict of its values. */}}
{{- define "footnote.placement" -}}
{{- range $key := list "nodeSelector" "tolerations" "affinity" "priorityClassName" }}
{{- with get $ $key }}
{{ toYaml (dict $key .) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* A claim's specification, of persistence values. */}}
{{- define "footnote.claim" -}}
accessModes:
  {{- toYaml .accessModes | nindent 2 }}
{{- with .storageClassName }}
storageClassName: {{ . }}
{{- end }}
resources:
  requests: {storage: {{ .size }}}
{{- end }}

{{- /* What a container that reads from or writes to the store has; of a dict with
root, the name of a Secret, and resources. */}}
{{- define "footnote.storeAccess" -}}
{{- with .secret }}
envFrom: [{secretRef: {name: {{ . }}}}]
{{- end }}
resources:
  {{- toYaml .resources | nindent 2 }}
volumeMounts:
  - {name: data, mountPath: /data}
  {{- if .root.Values.store.volume }}
  - {name: store, mountPath: /store}
  {{- end }}
{{- end }}

{{- /* A run that writes the newest generations at /data to the store; of a dict
with root and resources, and maybe flags and what comes below the store's URL. */}}
{{- define "footnote.pushContainer" -}}
- name: push
  {{- include "footnote.container" .root | nindent 2 }}
  command: {{ toJson (concat (list "footnote-index" "push") (default list .flags) (list (print .root.Values.store.url (default "" .below)))) }}
  {{- include "footnote.storeAccess" (dict "root" .root "secret" .root.Values.store.writeSecret "resources" .resources) | trim | nindent 2 }}
{{- end }}

{{- define "footnote.storeVolume" -}}
{{- with .Values.store.volume }}
- name: store
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
