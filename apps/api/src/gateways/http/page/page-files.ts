import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** One file of the built page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly etag: string;
  /** Its name holds a hash of its content, so it never changes. */
  readonly immutable: boolean;
}

export type Encoding = 'br' | 'gzip' | 'identity';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const COMPRESSED_ALREADY = /^(image\/png|font\/)/;
const SMALL_BYTES = 1024;
const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/**
 * The built page, read into memory whole: a few hundred kilobytes, of which only names that exist are served, so no path can
 * lead out of the folder. Each file is compressed once for each encoding. A build that is newer than what was read is read anew.
 */
export class PageFiles {
  private files = new Map<string, PageFile>();
  private readonly compressed = new Map<string, Promise<Buffer>>();
  private version = '';

  constructor(private readonly folder: string) {}

  /** The page's frame; undefined when nothing has been built. */
  index(): PageFile | undefined {
    this.refresh();
    return this.files.get('index.html');
  }

  /** `path` as it stands in the URL, without the leading slash. */
  find(path: string): PageFile | undefined {
    this.refresh();
    return this.files.get(path);
  }

  /** The bytes to send. What is small or compressed by nature stays as it is. */
  async encoded(file: PageFile, wanted: Encoding): Promise<{ bytes: Buffer; encoding: Encoding }> {
    if (wanted === 'identity' || file.bytes.length < SMALL_BYTES || COMPRESSED_ALREADY.test(file.type)) {
      return { bytes: file.bytes, encoding: 'identity' };
    }
    const key = `${wanted} ${file.etag}`;
    let bytes = this.compressed.get(key);
    if (!bytes) {
      bytes =
        wanted === 'br'
          ? brotli(file.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
          : gzipped(file.bytes, { level: 9 });
      this.compressed.set(key, bytes);
    }
    return { bytes: await bytes, encoding: wanted };
  }

  private refresh(): void {
    const version = versionOf(join(this.folder, 'index.html'));
    if (version === this.version) return;
    this.version = version;
    this.compressed.clear();
    this.files = version === '' ? new Map<string, PageFile>() : readFolder(this.folder);
  }
}

/** The build writes index.html last, and under a new name of its scripts, so its time and size tell a new build. */
function versionOf(index: string): string {
  const stat = statSync(index, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size}` : '';
}

function readFolder(folder: string): Map<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = TYPES[extname(name)];
    if (type === undefined || !statSync(join(folder, name)).isFile()) continue;
    const path = name.split(sep).join('/');
    const bytes = readFileSync(join(folder, name));
    files.set(path, { ...makeFile(bytes, type), immutable: /^assets\/.*-[\w-]{8}\.\w+$/.test(path) });
  }
  return files;
}

export function makeFile(bytes: Buffer, type: string): PageFile {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return { type, bytes, etag, immutable: false };
}

/** The best encoding that an `Accept-Encoding` header takes. */
export function chooseEncoding(accept: string | undefined): Encoding {
  const offers = new Map(
    (accept ?? '').split(',').map((offer) => {
      const [name, ...parameters] = offer.trim().toLowerCase().split(';');
      const q = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find((value) => value !== undefined);
      return [name.trim(), q === undefined ? 1 : Number(q)];
    }),
  );
  for (const encoding of ['br', 'gzip'] as const) {
    if ((offers.get(encoding) ?? 0) > 0) return encoding;
  }
  return 'identity';
}
