import fc from 'fast-check';
import { TemplateError } from './errors.js';
import { Template } from './template.js';
import { GoFunction, GoMap, GoNamed, GoStruct, type GoValue, stringMap } from './values.js';

const sensor = new GoStruct(
  'Sensor',
  {
    Name: 'roof',
    Heat: 21.5,
    Count: 3n,
    Tags: ['a', 'b'],
    Labels: stringMap({ job: 'node', zone: 'eu' }),
    Nothing: null,
    Empty: [],
    On: true,
  },
  { Twice: new GoFunction(['string'], ([text]) => `${text as string}${text as string}`) },
);
const functions = {
  shout: new GoFunction(['string'], ([text]) => (text as string).toUpperCase()),
  half: new GoFunction(['float'], ([x]) => (x as number) / 2),
};

const run = (source: string, dot: GoValue = sensor): string =>
  Template.parse('t', source, functions, ['$labels']).run(dot, functions, {
    $labels: stringMap({ instance: 'web-1' }),
  });

const problem = (source: string): string => {
  try {
    run(source);
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
  return 'no error';
};

describe('a template', () => {
  it.each<[string, string]>([
    // Texts, trimming and comments.
    ['plain', 'plain'],
    ['a {{- "b" -}} c', 'abc'],
    ['a{{/* a }} comment */}}b', 'ab'],
    ['a {{- /* trims */ -}} b', 'ab'],
    ['{{"{{"}}x{{"}}"}}', '{{x}}'],
    // Values.
    ['{{.Name}} {{.Heat}} {{.Count}} {{.On}} {{.Tags}}', 'roof 21.5 3 true [a b]'],
    ['{{.Nothing}}', '<no value>'],
    ['{{.Labels.job}}|{{.Labels.none}}|{{$labels.instance}}', 'node||web-1'],
    ['{{.Labels}}', 'map[job:node zone:eu]'],
    ['{{1}} {{1.0}} {{1.5e3}} {{0x1F}} {{1_000}} {{\'a\'}} {{`r\\n`}} {{"t\\tx"}}', '1 1 1500 31 1000 97 r\\n t\tx'],
    ['{{1e21}} {{1e20}} {{0.00001}} {{123456789.0}}', '1e+21 1e+20 1e-05 1.23456789e+08'],
    // Conditionals.
    ['{{if .On}}yes{{else}}no{{end}}', 'yes'],
    ['{{if .Empty}}yes{{else if .Nothing}}maybe{{else}}no{{end}}', 'no'],
    ['{{with .Labels.job}}<{{.}}>{{end}}{{with .Labels.none}}x{{else}}-{{end}}', '<node>-'],
    ['{{with .Nothing}}a{{else with .Name}}{{.}}{{end}}', 'roof'],
    ['{{with $x := .Count}}{{$x}}{{end}}', '3'],
    // Ranges.
    ['{{range .Tags}}[{{.}}]{{end}}', '[a][b]'],
    ['{{range $i, $tag := .Tags}}{{if $i}}, {{end}}{{$i}}={{$tag}}{{end}}', '0=a, 1=b'],
    ['{{range $name, $value := .Labels}}{{$name}}={{$value}};{{end}}', 'job=node;zone=eu;'],
    ['{{range .Empty}}x{{else}}none{{end}}', 'none'],
    ['{{range $i := .Tags}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}}', 'a'],
    ['{{range .Tags}}{{if eq . "a"}}{{continue}}{{end}}{{.}}{{end}}', 'b'],
    ['{{range 3}}{{.}}{{end}}', '012'],
    // Variables.
    ['{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}', '2'],
    ['{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}', '21'],
    ['{{$.Name}}{{range .Tags}}{{$.Count}}{{end}}', 'roof33'],
    // Pipelines and calls.
    ['{{.Name | shout}}', 'ROOF'],
    ['{{"%s-%d" | printf | len}}', '25'],
    ['{{printf "%s:%d" .Name .Count}}', 'roof:3'],
    ['{{.Twice "ab"}} {{"c" | .Twice}}', 'abab cc'],
    ['{{half 3}} {{half .Heat}}', '1.5 10.75'],
    ['{{(index .Tags 1) | shout}}', 'B'],
    ['{{index .Labels "zone"}} {{index .Tags 0}}', 'eu a'],
    ['{{slice "abcdef" 1 3}} {{slice .Tags 1}}', 'bc [b]'],
    ['{{(index .Tags 0)}}{{len .Labels}}', 'a2'],
    // Logic and comparison.
    ['{{and 1 0}} {{or 0 "x"}} {{not .On}}', '0 x false'],
    ['{{or .On (index .Tags 99)}}', 'true'],
    ['{{eq .Name "x" "roof"}} {{ne 1 2}} {{lt 1 2}} {{ge .Heat 21.5}} {{gt "b" "a"}}', 'true true true true true'],
    ['{{eq .Nothing nil}}', 'true'],
    // Nested templates.
    ['{{define "x"}}<{{.}}>{{end}}{{template "x" .Name}}', '<roof>'],
    ['{{block "b" .Count}}[{{.}}]{{end}}', '[3]'],
    ['{{print 1 2 "a" 3 4}}', '1 2a3 4'],
    ['{{println "a" 1}}', 'a 1\n'],
    ['{{html "<a href=\'x\'>"}} {{urlquery "a b&c"}} {{js "it\'s"}}', "&lt;a href=&#39;x&#39;&gt; a+b%26c it\\'s"],
  ])('%s prints %j', (source, printed) => {
    expect(run(source)).toBe(printed);
  });

  it.each<[string, string]>([
    ['{{if}}x{{end}}', 't:1:5: missing value for if'],
    ['{{if .On}}', 't:1:11: unexpected EOF'],
    ['{{end}}', 't:1:3: unexpected {{end}}'],
    ['a\n {{foo 1}}', 't:2:4: function "foo" not defined'],
    ['{{$nope}}', 't:1:3: undefined variable "$nope"'],
    ['{{break}}', 't:1:3: {{break}} outside {{range}}'],
    ['{{"open}}', 't:1:3: unterminated quoted string'],
    ['{{ .Name', 'unclosed action'],
    ['{{/* x', 't:1:1: unclosed comment'],
    ['{{(1}}', 't:1:5: unclosed left paren'],
    ['{{1)}}', 't:1:4: unexpected right paren'],
    ['{{.Nope}}', 't:1:3: executing "t" at <.Nope>: can\'t evaluate field Nope in type Sensor'],
    ['{{eq 1 1.0}}', 'incompatible types for comparison'],
    ['{{shout 1}}', 'expected string; found 1'],
    ['{{shout .Heat}}', 'wrong type for value; expected string; got float64'],
    ['{{shout}}', 'wrong number of args for shout: want 1 got 0'],
    ['{{index .Tags 9}}', 'error calling index: index out of range: 9'],
    ['{{template "no"}}', 'template "no" not defined'],
    ['{{.Name.Deep}}', "can't evaluate field Deep in type string"],
    ['{{.constructor}}', "can't evaluate field constructor in type Sensor"],
    ['{{.Labels.job "x"}}', 'job has arguments but cannot be invoked as function'],
    ['{{"a" | 1}}', 'non executable command in pipeline stage 2'],
  ])('%s is refused: %s', (source, said) => {
    expect(problem(source)).toContain(said);
  });

  it('does not reach into JavaScript through names', () => {
    expect(run('{{.constructor}}{{.__proto__}}{{.toString}}', new GoMap({}))).toBe('<no value><no value><no value>');
    expect(problem('{{constructor}}')).toContain('function "constructor" not defined');
  });

  it('stops a template that recurses or prints without end', () => {
    expect(problem('{{define "x"}}{{template "x"}}{{end}}{{template "x"}}')).toContain(
      'exceeded maximum template depth',
    );
    expect(problem('{{range 100000000}}{{end}}')).toContain('more steps than allowed');
    expect(problem('{{define "x"}}{{range 200}}{{printf "%10000s" "a"}}{{end}}{{end}}{{template "x"}}')).toContain(
      'longer than allowed',
    );
  });

  it('calls templates of a library', () => {
    const library = Template.parse('lib', '{{define "greet"}}hello {{.}}{{end}}', functions);
    expect(Template.parse('t', '{{template "greet" .}}', functions, [], [library]).run('you', functions)).toBe(
      'hello you',
    );
  });

  it('prints named types by their String method', () => {
    expect(run('{{.}} {{printf "%v|%d" . .}}', new GoNamed('Level', 2n, {}, () => 'high'))).toBe('high high|2');
  });

  it('gives any text without braces back as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('{{')),
        (text) => run(text) === text,
      ),
    );
  });

  it('fails with a TemplateError or not at all, whatever stands in the braces', () => {
    const piece = fc.constantFrom(
      '{{',
      '}}',
      '-',
      ' ',
      '.Name',
      '$x',
      ':=',
      '"a"',
      '1',
      '(',
      ')',
      '|',
      'if',
      'end',
      'range',
      'else',
      'printf',
      'x',
      ',',
      '/*',
      '*/',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        expect(problem(pieces.join(''))).toMatch(/^(template: t:\d+:\d+: |no error)/);
      }),
      { numRuns: 500 },
    );
  });
});
