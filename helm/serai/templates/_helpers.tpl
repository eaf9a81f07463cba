{{- define "serai.name" -}}
{{- default (printf "%s-serai" .Release.Name) .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "serai.selector" -}}
app.kubernetes.io/name: serai
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "serai.labels" -}}
{{ include "serai.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "serai.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}{{ .repository }}@{{ .digest }}{{- else -}}{{ .repository }}:{{ default $.Chart.AppVersion .tag }}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "serai.serviceAccount" -}}
{{- with .Values.serviceAccount -}}
{{- if .create -}}{{ default (include "serai.name" $) .name }}{{- else -}}{{ default "default" .name }}{{- end -}}
{{- end -}}
{{- end -}}

{{/* What no container of the chart may do. */}}
{{- define "serai.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "serai.podSecurity" -}}
runAsNonRoot: true
{{- with .Values.user.id }}
runAsUser: {{ . | int64 }}
{{- end }}
{{- with .Values.user.group }}
runAsGroup: {{ . | int64 }}
fsGroup: {{ . | int64 }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* Environment of whoever speaks to the database; takes the chart's root and a Secret's name. */}}
{{- define "serai.databaseEnv" -}}
{{- $database := .root.Values.database -}}
- name: SERAI_DB_URL
  value: {{ required "database.url is missing: write the JDBC address of your PostgreSQL, as in 'jdbc:postgresql://host:5432/serai'." $database.url | quote }}
- name: SERAI_DB_USER
  valueFrom:
    secretKeyRef: { name: {{ .secret }}, key: {{ $database.userKey }} }
- name: SERAI_DB_PASSWORD
  valueFrom:
    secretKeyRef: { name: {{ .secret }}, key: {{ $database.passwordKey }} }
- name: SERAI_LOG_FORMAT
  value: {{ .root.Values.logFormat }}
{{- end -}}

{{/* Peers of a network policy, by the names of their namespaces. */}}
{{- define "serai.namespaces" }}
{{- range . }}
- namespaceSelector:
    matchLabels: { kubernetes.io/metadata.name: {{ . }} }
{{- end }}
{{- end }}
