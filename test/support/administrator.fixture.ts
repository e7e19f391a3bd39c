import type { OpsroomProcess } from './opsroom-process.fixture.js';

/** The first administrator of a fresh server, who hands out API tokens. */
export class Administrator {
  private constructor(
    private readonly url: string,
    private readonly cookie: string,
  ) {}

  /** Enters by the set-up link that the server has printed. */
  static async enter(opsroom: OpsroomProcess): Promise<Administrator> {
    const token = /setup\?token=([\w-]+)/.exec(opsroom.output)?.[1] ?? '';
    const entered = await post(`${opsroom.url}/api/opsroom/setup`, { token, name: 'ana', password: 'correct horse' });
    const cookies = entered.headers.getSetCookie().map((one) => one.split(';')[0]);
    return new Administrator(opsroom.url, cookies.join('; '));
  }

  /** The secret of a new API token. */
  async token(name: string, role: 'viewer' | 'responder'): Promise<string> {
    const made = await post(`${this.url}/api/opsroom/tokens`, { name, role }, this.cookie);
    return ((await made.json()) as { secret: string }).secret;
  }
}

async function post(url: string, body: object, cookie = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json', cookie };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response;
}
