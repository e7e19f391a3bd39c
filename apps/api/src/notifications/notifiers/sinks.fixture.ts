import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  request as httpRequest,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTlsServer } from 'node:tls';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net';

/** With what a sink speaks TLS, as PEM. */
interface Identity {
  readonly key: string;
  readonly cert: string;
}

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
    private readonly identity: Identity | undefined,
  ) {
    const listener: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        this.requests.push({ headers: request.headers, body: JSON.parse(text) as unknown });
        const [status, ...later] = this.statuses;
        if (later.length > 0) this.statuses = later;
        response.writeHead(status).end(this.answer);
      });
    };
    this.server = identity ? createHttpsServer(identity, listener) : createHttpServer(listener);
  }

  /** With an identity it speaks TLS. */
  static async start(statuses: readonly number[] = [200], answer = 'ok', identity?: Identity): Promise<HttpSink> {
    const sink = new HttpSink(statuses, answer, identity);
    await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http${this.identity ? 's' : ''}://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** A proxy: passes requests on, makes tunnels, and keeps what it was asked. */
export class ProxySink {
  readonly asked: string[] = [];
  private readonly server: Server;
  private readonly tunnels = new Set<Socket>();

  private constructor() {
    this.server = createHttpServer((request, response) => {
      this.asked.push(`${request.method} ${request.url}`);
      const { method, headers } = request;
      const passed = httpRequest(request.url ?? '', { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502);
        answer.pipe(response);
      });
      request.pipe(passed);
    });
    this.server.on('connect', (request, socket: Socket) => {
      this.asked.push(`CONNECT ${request.url}`);
      const { hostname, port } = new URL(`http://${request.url}`);
      const tunnel = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        tunnel.pipe(socket).pipe(tunnel);
      });
      for (const end of [tunnel, socket]) {
        this.tunnels.add(end);
        end.on('error', () => end.destroy());
      }
    });
  }

  static async start(): Promise<ProxySink> {
    const sink = new ProxySink();
    await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    for (const end of this.tunnels) end.destroy();
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** A mail server as small as SMTP allows (RFC 5321): takes every message, or refuses each with `refusal`. */
export class SmtpSink {
  /** Raw messages. */
  readonly messages: string[] = [];
  private readonly server: TcpServer;

  private constructor(
    private readonly refusal: string | undefined,
    identity: Identity | undefined,
  ) {
    this.server = identity
      ? createTlsServer(identity, (socket) => this.talk(socket))
      : createTcpServer((socket) => this.talk(socket));
  }

  /** With an identity it speaks TLS from the start. */
  static async start(refusal?: string, identity?: Identity): Promise<SmtpSink> {
    const sink = new SmtpSink(refusal, identity);
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
