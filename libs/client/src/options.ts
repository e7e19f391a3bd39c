export interface ConnectOptions {
  /** Where the server is: `https://ops.example`, with the base path if it has one. In a page: the page's own origin. */
  readonly url?: string;
  /** API token, for programs; a page has its session's cookie. */
  readonly token?: string;
  /** Tells the server what has been processed, so that it holds back instead of piling up old frames. Default: true. */
  readonly credit?: boolean;
  /** Default: websocket, then polling where that is blocked. */
  readonly transports?: readonly ('websocket' | 'polling')[];
  /** Longest pause between two attempts to connect. Default: 5,000 ms. The pauses grow from 300 ms and are spread by half. */
  readonly maxBackoffMs?: number;
}

/** The server's address and the path of its sockets. */
export function endpointOf(url: string | undefined): { readonly origin: string | undefined; readonly path: string } {
  if (url === undefined) return { origin: undefined, path: '/socket.io/' };
  const parsed = new URL(url);
  return { origin: parsed.origin, path: `${parsed.pathname.replace(/\/+$/, '')}/socket.io/` };
}
