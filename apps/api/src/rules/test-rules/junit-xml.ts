/** What came of one file of tests. */
export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

export interface TestCase {
  readonly name: string;
  readonly failures: readonly string[];
  /** Why the file could not be used. */
  readonly error?: string;
}

/** JUnit's XML as promtool writes it (its util/junitxml): a suite for each file, a case for each test group. `atMs`: when they ran. */
export function junitXml(suites: readonly TestSuite[], atMs: number): string {
  return `<testsuites>${suites.map((suite) => suiteXml(suite, atMs)).join('')}</testsuites>`;
}

function suiteXml({ name, cases }: TestSuite, atMs: number): string {
  const failures = cases.reduce((count, one) => count + one.failures.length, 0);
  const errors = cases.filter(({ error }) => error !== undefined).length;
  // Like promtool: no time for a file that could not be used.
  const time = errors > 0 ? '' : new Date(atMs).toISOString().slice(0, 19);
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="0"`;
  return `<testsuite name="${escaped(name)}" ${counts} timestamp="${time}">${cases.map(caseXml).join('')}</testsuite>`;
}

function caseXml({ name, failures, error }: TestCase): string {
  const failed = failures.map((failure) => `<failure>${escaped(failure)}</failure>`).join('');
  const broken = error === undefined ? '' : `<error>${escaped(error)}</error>`;
  return `<testcase name="${escaped(name)}">${failed}${broken}</testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

/** What XML cannot hold, control characters and half surrogate pairs, becomes the replacement character. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"'\t\n\r]/g, (char) => ENTITIES[char]).replaceAll(/\p{Cc}|\p{Cs}/gu, '\ufffd');
}
