import { Template } from '../template.js';
import { prometheusFunctions, type QueryElement } from './prometheus.js';

const answers: Readonly<Record<string, readonly QueryElement[]>> = {
  up: [
    { labels: { __name__: 'up', instance: 'b' }, value: 21 },
    { labels: { __name__: 'up', instance: 'a', __value__: 'text' }, value: 11 },
  ],
};

const functions = prometheusFunctions({
  query: (expression) => answers[expression] ?? [],
  nowMs: 1_700_000_000_500,
  externalUrl: 'https://ops.example/base',
});

const run = (source: string): string => Template.parse('t', source, functions).run(null, functions);

describe("Prometheus's template functions", () => {
  it.each<[string, string]>([
    ['{{query "up" | first | value}}', '21'],
    ['{{range query "up" | sortByLabel "instance"}}{{.Labels.instance}}:{{.Value}} {{end}}', 'a:11 b:21 '],
    ['{{query "up" | first | label "instance"}}', 'b'],
    ['{{range query "up"}}{{strvalue .}};{{end}}', ';text;'],
    ['{{range query "none"}}x{{else}}nothing{{end}}', 'nothing'],
    [
      '{{humanize 1234567.0}} {{humanize 0.0}} {{humanize 0.0001}} {{humanize -435.3}} {{humanize 1e30}}',
      '1.235M 0 100u -435.3 1e+06Y',
    ],
    ['{{humanize "2000"}} {{humanize 3}}', '2k 3'],
    ['{{humanize1024 1048576.0}} {{humanize1024 0.5}} {{humanize1024 1024.0}}', '1Mi 0.5 1ki'],
    [
      '{{humanizeDuration 0.0}} {{humanizeDuration 1.0}} {{humanizeDuration 60.0}} {{humanizeDuration 3600.0}} {{humanizeDuration 899999.0}}',
      '0s 1s 1m 0s 1h 0m 0s 10d 9h 59m 59s',
    ],
    ['{{humanizeDuration 0.1234}} {{humanizeDuration -5.5}}', '123.4ms -5.5s'],
    ['{{humanizePercentage 0.1234567}} {{humanizePercentage 1}}', '12.35% 100%'],
    ['{{humanizeTimestamp 1435065584.128}}', '2015-06-23 13:19:44.128 +0000 UTC'],
    [
      '{{(1435065584.128 | toTime).Year}} {{(toTime 0.0).Format "Mon Jan 2 15:04:05 MST 2006"}}',
      '2015 Thu Jan 1 00:00:00 UTC 1970',
    ],
    ['{{toTime 1435065584.0}}', '2015-06-23 13:19:44 +0000 UTC'],
    ['{{toDuration 1.5}}', '1.5s'],
    ['{{title "aa bb-cc"}} {{toUpper "a"}} {{toLower "A"}}', 'Aa Bb-Cc A a'],
    ['{{match "a+" "baab"}} {{match "^a" "ba"}}', 'true false'],
    ['{{reReplaceAll "(a)(b)" "$2${1}$$" "abab"}} {{reReplaceAll "(?P<x>\\\\d+)" "<$x>" "a12"}}', 'ba$ba$ a<12>'],
    ['{{graphLink "up > 1"}}', '/graph?g0.expr=up+%3E+1&g0.tab=0'],
    ['{{tableLink "up"}}', '/graph?g0.expr=up&g0.tab=1'],
    ['{{externalURL}}{{pathPrefix}}', 'https://ops.example/base/base'],
    ['{{stripPort "h:90"}} {{stripPort "[::1]:8"}} {{stripPort "x"}}', 'h ::1 x'],
    ['{{stripDomain "h.example.org:90"}} {{stripDomain "10.0.0.1:9"}} {{stripDomain "h.org"}}', 'h:90 10.0.0.1:9 h'],
    ['{{parseDuration "1h30m"}} {{parseDuration "5ms"}}', '5400 0.005'],
    ['{{now}}', '1.7000000005e+09'],
    ['{{define "x"}}{{.arg0}}-{{.arg1}}{{end}}{{template "x" (args 1 "b")}}', '1-b'],
    ['{{safeHtml "<b>"}}', '<b>'],
  ])('%s prints %s', (source, printed) => {
    expect(run(source)).toBe(printed);
  });

  it('says that there is nothing to take the first of', () => {
    expect(() => run('{{query "none" | first}}')).toThrow(
      'error calling first: first() called on vector with no elements',
    );
  });

  it('refuses what is not a number', () => {
    expect(() => run('{{humanize "one"}}')).toThrow('strconv.ParseFloat: parsing "one": invalid syntax');
  });
});
