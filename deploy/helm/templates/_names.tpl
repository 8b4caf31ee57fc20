{{- define "cerberusmesh.labels" -}}
app.kubernetes.io/name: cerberusmesh
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "cerberusmesh.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* What every pod of ours may, which is little: as in deploy/compose.yaml. */ -}}
{{- define "cerberusmesh.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 999
  runAsGroup: 999
  fsGroup: 999
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "cerberusmesh.container" -}}
image: {{ include "cerberusmesh.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  readOnlyRootFilesystem: true
  allowPrivilegeEscalation: false
  capabilities: { drop: [ALL] }
{{- end }}
