import { createServer as createHttpServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A webhook's other end: answers with `statuses` by turns, the last one for ever, and keeps what came in. */
export class HttpSink {
  readonly requests: ReceivedRequest[] = [];
  private readonly server: Server;

  private constructor(
    private statuses: readonly number[],
    private readonly answer: string,
  ) {
    this.server = createHttpServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        this.requests.push({ headers: request.headers, body: JSON.parse(text) as unknown });
        const [status, ...later] = this.statuses;
        if (later.length > 0) this.statuses = later;
        response.writeHead(status).end(this.answer);
      });
    });
  }

  static async start(statuses: readonly number[] = [200], answer = 'ok'): Promise<HttpSink> {
    const sink = new HttpSink(statuses, answer);
    await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** A mail server as small as SMTP allows (RFC 5321): takes every message, or refuses each with `refusal`. */
export class SmtpSink {
  /** Raw messages. */
  readonly messages: string[] = [];
  private readonly server: TcpServer;

  private constructor(private readonly refusal: string | undefined) {
    this.server = createTcpServer((socket) => this.talk(socket));
  }

  static async start(refusal?: string): Promise<SmtpSink> {
    const sink = new SmtpSink(refusal);
    await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get smarthost(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private talk(socket: Socket): void {
    let buffer = '';
    let inMessage = false;
    const say = (line: string): boolean => socket.write(`${line}\r\n`);
    say('220 sink');
    socket.on('data', (chunk) => {
      buffer += chunk.toString();
      for (;;) {
        const end = inMessage ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
        if (end < 0) return;
        const text = buffer.slice(0, end);
        buffer = buffer.slice(end + (inMessage ? 5 : 2));
        if (inMessage) {
          this.messages.push(text);
          inMessage = false;
          say('250 taken');
        } else if (/^QUIT/i.test(text)) {
          say('221 bye');
          socket.end();
        } else if (/^DATA/i.test(text)) {
          inMessage = true;
          say('354 go on');
        } else {
          say(/^RCPT/i.test(text) && this.refusal ? this.refusal : '250 fine');
        }
      }
    });
  }
}
