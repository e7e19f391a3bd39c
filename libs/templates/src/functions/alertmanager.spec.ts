import { Template } from '../template.js';
import { GoFunction, GoNamed, GoStruct, stringMap } from '../values.js';
import { alertmanagerFunctions } from './alertmanager.js';
import { timeValue } from './time.js';

const functions = alertmanagerFunctions({ nowMs: 1_700_000_090_000 });
const alert = new GoStruct('Alert', {
  Status: 'firing',
  Labels: stringMap({ job: 'a' }),
  StartsAt: timeValue(1_700_000_000_000),
});
const data = new GoStruct('Data', {
  Alerts: new GoNamed('Alerts', [alert], { Firing: new GoFunction([], () => [alert]) }),
  GroupLabels: stringMap({ b: '2', a: '1' }),
});
const run = (source: string): string => Template.parse('t', source, functions).run(data, functions);

describe("Alertmanager's template functions", () => {
  it.each<[string, string]>([
    ['{{join ", " (stringSlice "a" "b")}}', 'a, b'],
    [
      '{{range .Alerts}}{{.Labels.job}} {{.StartsAt.Format "2006-01-02T15:04:05Z07:00"}}{{end}}',
      'a 2023-11-14T22:13:20Z',
    ],
    ['{{len .Alerts.Firing}} {{.Alerts.Firing | len}}', '1 1'],
    ['{{range .Alerts}}{{date "02 Jan 06 3:04 PM" (tz "Europe/Berlin" .StartsAt)}}{{end}}', '14 Nov 23 11:13 PM'],
    ['{{range .Alerts}}{{(tz "Asia/Kolkata" .StartsAt).Format "15:04 -0700 MST"}}{{end}}', '03:43 +0530 +0530'],
    ['{{range .Alerts}}{{since .StartsAt | humanizeDuration}} {{since .StartsAt}}{{end}}', '1m 30s 1m30s'],
    ['{{trimSpace "  a "}}|{{urlUnescape "a%20b+c"}}', 'a|a b c'],
    ['{{toJson .GroupLabels}} {{toJson (list 1 "a" true)}} {{(dict "k" 1).k}}', '{"a":"1","b":"2"} [1,"a",true] 1'],
    [
      '{{reReplaceAll "a" "b" "aa"}} {{toUpper "x"}} {{title "hello world"}} {{match "x.*" "xy"}}',
      'bb X Hello World true',
    ],
  ])('%s prints %s', (source, printed) => {
    expect(run(source)).toBe(printed);
  });

  it('refuses a zone that does not exist', () => {
    expect(() => run('{{range .Alerts}}{{tz "Mars/Base" .StartsAt}}{{end}}')).toThrow('unknown time zone Mars/Base');
  });
});
