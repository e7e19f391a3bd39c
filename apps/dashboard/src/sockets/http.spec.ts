import { jest } from '@jest/globals';
import { HttpError, requestJson } from './http.js';

const answers = (status: number, body: string, headers: Record<string, string> = {}): void => {
  globalThis.fetch = jest.fn<typeof fetch>().mockResolvedValue({
    ok: status < 400,
    status,
    headers: new Map(Object.entries(headers)),
    text: () => Promise.resolve(body),
  } as unknown as Response);
};
const failure = async (): Promise<HttpError> => {
  const error: unknown = await requestJson('GET', 'api/x').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
};

describe('requestJson', () => {
  it('gives the answer, and undefined for an empty one', async () => {
    answers(200, '{"a":1}');
    await expect(requestJson('GET', 'api/x')).resolves.toEqual({ a: 1 });
    answers(204, '');
    await expect(requestJson('DELETE', 'api/x')).resolves.toBeUndefined();
  });

  it('asks under the base path of the page', async () => {
    document.head.innerHTML = '<base href="/ops/">';
    answers(200, '{}');
    await requestJson('POST', 'api/x', { name: 'ana' });
    expect(fetch).toHaveBeenCalledWith(
      'http://localhost/ops/api/x',
      expect.objectContaining({ body: '{"name":"ana"}' }),
    );
    document.head.innerHTML = '';
  });

  it.each([
    ['ours', 409, '{"error":{"code":"conflict","message":"already there"}}', 'already there'],
    ["Prometheus's", 400, '{"status":"error","errorType":"bad_data","error":"parse error"}', 'parse error'],
    ["the framework's", 404, '{"statusCode":404,"message":"Cannot GET /x"}', 'Cannot GET /x'],
    ['none of them', 502, '<html>', 'The server answered 502.'],
  ])('tells a refusal in the words of the server: %s', async (_, status, body, words) => {
    answers(status, body);
    expect((await failure()).message).toBe(words);
  });

  it('keeps the code and when to try again', async () => {
    answers(429, '{"error":{"code":"too_many_requests","message":"slow down","retryAfterMs":3000}}');
    expect(await failure()).toMatchObject({ status: 429, code: 'too_many_requests', retryAfterMs: 3000 });
    answers(429, '{"message":"slow down"}');
    expect((await failure()).retryAfterMs).toBeUndefined();
  });

  it('says what to do when the server cannot be reached', async () => {
    globalThis.fetch = jest.fn<typeof fetch>().mockRejectedValue(new TypeError('failed'));
    expect(await failure()).toMatchObject({ status: 0, message: expect.stringContaining('cannot be reached') });
  });

  it('does not take an answer that is no JSON for one', async () => {
    answers(200, '<html>');
    expect((await failure()).message).toContain('cannot read');
  });
});
