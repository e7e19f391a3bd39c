import {
  encodeRequest,
  snappyLiterals,
  type TestSeries,
} from '../../apps/api/src/ingest/remote-write/write-request.fixture.js';
import { Administrator } from '../support/administrator.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';

const PROTOBUF = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
const nowMs = Date.now();
const series = (name: string, samples: TestSeries['samples']): TestSeries => ({ labels: { __name__: name }, samples });
const body = (...all: TestSeries[]): Uint8Array<ArrayBuffer> => Uint8Array.from(snappyLiterals(encodeRequest(all)));
/** Says that a body is a gigabyte once it is unpacked. */
const bomb = Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x04, 0);

describe('remote write over HTTP', () => {
  let opsroom: OpsroomProcess;
  let responder: string;
  let viewer: string;

  beforeAll(async () => {
    opsroom = await OpsroomProcess.start();
    const administrator = await Administrator.enter(opsroom);
    responder = await administrator.token('sender', 'responder');
    viewer = await administrator.token('reader', 'viewer');
  }, 60_000);
  afterAll(() => opsroom.stop());

  const write = async (
    bytes: Uint8Array<ArrayBuffer>,
    headers: Readonly<Record<string, string>> = PROTOBUF,
    authorization = `Bearer ${responder}`,
  ): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${opsroom.url}/api/v1/write`, {
      method: 'POST',
      body: bytes,
      headers: { ...headers, ...(authorization === '' ? {} : { authorization }) },
    });
    return { status: response.status, text: await response.text() };
  };
  const count = async (name: string): Promise<string | undefined> => {
    const url = `${opsroom.url}/api/v1/query?query=${encodeURIComponent(`count_over_time(${name}[1h])`)}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${viewer}` } });
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    return data.result[0]?.value[1];
  };

  it('stores what a responder sends and answers 204 without a body', async () => {
    const sent = body(series('stored', [[nowMs - 2000, 1], [nowMs - 1000, 2]])); // prettier-ignore
    expect(await write(sent)).toEqual({ status: 204, text: '' });
    expect(await count('stored')).toBe('2');
  });

  it('takes the same request again, as a sender repeats one that it had no answer to', async () => {
    const sent = body(series('repeated', [[nowMs - 1000, 2]]));
    expect([await write(sent), await write(sent)]).toEqual([
      { status: 204, text: '' },
      { status: 204, text: '' },
    ]);
    expect(await count('repeated')).toBe('1');
  });

  it('stores nothing of a request with one sample that it cannot take, and says which', async () => {
    await write(body(series('ordered', [[nowMs - 1000, 1]])));
    const { status, text } = await write(
      body(series('beside', [[nowMs - 1000, 1]]), series('ordered', [[nowMs - 60_000, 1]])),
    );
    expect(status).toBe(400);
    expect(text).toMatch(/out of order sample: ordered\{\} at \S+ \(\d+\); nothing of this request was stored/);
    expect(await count('beside')).toBeUndefined();
  });

  it.each([
    ['another value at the same time', () => body(series('ordered', [[nowMs - 1000, 7]])), 'duplicate sample'],
    ['a sample of tomorrow', () => body(series('ahead', [[nowMs + 86_400_000, 7]])), 'too far in the future'],
    ['a label without a name', () => body({ labels: [['', 'x']], samples: [[nowMs, 1]] }), 'invalid labels'],
    ['what is not snappy', () => Uint8Array.of(255, 255, 255, 255, 255, 255), ''],
    ['what is not protobuf', () => Uint8Array.from(snappyLiterals(Uint8Array.of(255, 255, 255))), ''],
  ])('answers 400 to %s', async (_, bytes, said) => {
    const { status, text } = await write(bytes());
    expect(status).toBe(400);
    expect(text).toContain(said);
    expect(text.trim()).not.toBe('');
  });

  it('answers 413 to what would be too large, without unpacking it', async () => {
    expect((await write(bomb)).status).toBe(413);
  });

  it.each<[string, Record<string, string>]>([
    ['another compression', { ...PROTOBUF, 'content-encoding': 'zstd' }],
    ['gzip', { ...PROTOBUF, 'content-encoding': 'gzip' }],
    ['plain text', { 'content-type': 'text/plain' }],
    [
      'remote write 2.0',
      { ...PROTOBUF, 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' },
    ],
  ])('answers 415 to %s', async (_, headers) => {
    expect((await write(body(series('unread', [[nowMs, 1]])), headers)).status).toBe(415);
    expect(await count('unread')).toBeUndefined();
  });

  it('takes the token as the password of Basic too', async () => {
    const basic = `Basic ${Buffer.from(`any:${responder}`).toString('base64')}`;
    expect((await write(body(series('basic', [[nowMs, 1]])), PROTOBUF, basic)).status).toBe(204);
  });

  it('refuses strangers and those who may only read, and stores nothing of theirs', async () => {
    const sent = body(series('refused', [[nowMs, 1]]));
    expect((await write(sent, PROTOBUF, '')).status).toBe(401);
    expect((await write(sent, PROTOBUF, 'Bearer wrong')).status).toBe(401);
    expect((await write(sent, PROTOBUF, `Bearer ${viewer}`)).status).toBe(403);
    expect(await count('refused')).toBeUndefined();
  });
});
