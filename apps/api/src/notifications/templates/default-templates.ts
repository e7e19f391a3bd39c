/**
 * The templates that configurations call by Alertmanager's names (`{{ template "slack.default.title" . }}`), in Opsroom's own words.
 * A file of the configuration's `templates` may define any of them anew.
 */
export const DEFAULT_TEMPLATES = `
{{- define "__subject" -}}
[{{ .Status | toUpper }}{{ if eq .Status "firing" }}:{{ .Alerts.Firing | len }}{{ end }}] {{ .GroupLabels.Values | join " " }}
{{- with .CommonLabels.Remove .GroupLabels.Names }}{{ if . }} ({{ .Values | join " " }}){{ end }}{{ end -}}
{{- end -}}

{{- define "__summary" -}}
{{ if .Annotations.summary }}{{ .Annotations.summary }}{{ else }}{{ .Labels.alertname }}{{ end }}
{{- end -}}

{{- define "__text_alert_list" -}}
{{ range . }}• {{ template "__summary" . }}
{{ with .Annotations.description }}  {{ . }}
{{ end }}  {{ range $i, $pair := .Labels.SortedPairs }}{{ if $i }}, {{ end }}{{ $pair.Name }} = {{ $pair.Value }}{{ end }}
{{ with .Annotations.runbook_url }}  Runbook: {{ . }}
{{ end }}  Details: {{ .GeneratorURL }}
{{ with .AcknowledgeURL }}  Acknowledge: {{ . }}
{{ end }}{{ end }}
{{- end -}}

{{- define "default.text" -}}
{{ with .Alerts.Firing }}Firing:
{{ template "__text_alert_list" . }}{{ end }}{{ with .Alerts.Resolved }}Resolved:
{{ template "__text_alert_list" . }}{{ end }}
{{- end -}}

{{- define "email.default.subject" }}{{ template "__subject" . }}{{ end -}}
{{- define "email.default.text" }}{{ template "default.text" . }}{{ end -}}

{{- define "__html_alert" -}}
<tr><td style="padding:12px 0;border-top:1px solid #ddd">
<b>{{ .Labels.alertname | html }}</b>{{ with .Annotations.summary }}: {{ . | html }}{{ end }}<br>
{{ with .Annotations.description }}{{ . | html }}<br>{{ end }}
<span style="color:#666">{{ range $i, $pair := .Labels.SortedPairs }}{{ if $i }} · {{ end }}{{ $pair.Name | html }}={{ $pair.Value | html }}{{ end }}</span><br>
since {{ .StartsAt | tz "UTC" | date "2006-01-02 15:04:05 MST" }} ·
<a href="{{ .GeneratorURL | html }}">open</a>
{{ with .AcknowledgeURL }} · <a href="{{ . | html }}">acknowledge</a>{{ end }}
{{ with .Annotations.runbook_url }} · <a href="{{ . | html }}">runbook</a>{{ end }}
</td></tr>
{{- end -}}

{{- define "email.default.html" -}}
<!doctype html><html><body style="font:14px/1.5 system-ui,sans-serif;color:#222;max-width:640px">
<h1 style="font-size:18px">{{ template "__subject" . }}</h1>
{{ with .Alerts.Firing }}<h2 style="font-size:14px">Firing</h2><table style="width:100%;border-collapse:collapse">{{ range . }}{{ template "__html_alert" . }}{{ end }}</table>{{ end }}
{{ with .Alerts.Resolved }}<h2 style="font-size:14px">Resolved</h2><table style="width:100%;border-collapse:collapse">{{ range . }}{{ template "__html_alert" . }}{{ end }}</table>{{ end }}
<p style="color:#666"><a href="{{ .ExternalURL | html }}">Opsroom</a> · receiver {{ .Receiver | html }}</p>
</body></html>
{{- end -}}

{{- define "slack.default.title" }}{{ template "__subject" . }}{{ end -}}
{{- define "slack.default.titlelink" }}{{ .ExternalURL }}/alerts{{ end -}}
{{- define "slack.default.username" }}Opsroom{{ end -}}
{{- define "slack.default.fallback" }}{{ template "__subject" . }}{{ end -}}
{{- define "slack.default.pretext" }}{{ end -}}
{{- define "slack.default.callbackid" }}{{ end -}}
{{- define "slack.default.text" }}{{ template "default.text" . }}{{ end -}}
{{- define "slack.default.footer" }}{{ end -}}
{{- define "slack.default.iconemoji" }}{{ end -}}
{{- define "slack.default.iconurl" }}{{ end -}}
{{- define "slack.default.color" }}{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}{{ end -}}
`;
