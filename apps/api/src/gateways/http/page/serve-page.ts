import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OriginationService } from '../origination.service.js';
import { pagePolicy } from '../security-headers.js';
import { chooseEncoding, makeFile, type PageFile, PageFiles } from './page-files.js';

/** Paths that belong to programs: what is not found there is an error, never the page. */
const NOT_THE_PAGE = /^\/(?:api|socket\.io|-|metrics|v1|assets)(?:\/|$)/;

const NOT_BUILT = `Opsroom is running, but its page has not been built.
Run "npm start" (it builds what is missing) or "npm run build" in the repository, then reload.
The HTTP API works without it.
`;

/** Answers every GET that no route takes: files of the built page, and its frame for the page's own addresses. */
export function servePage(fastify: FastifyInstance, folder: string, origination: OriginationService): void {
  const files = new PageFiles(folder);
  fastify.route({
    method: 'GET',
    url: '/*',
    handler: async (request, reply) => {
      const path = decodePath(request.url);
      if (path === undefined) return reply.callNotFound();
      const file = path === '' || path === 'index.html' ? undefined : files.find(path);
      if (file) return send(request, reply, files, file);
      // A name with an ending is a file that is not there: an old build's script, a favicon. It must not get HTML.
      if (NOT_THE_PAGE.test(`/${path}`) || (/\.\w{2,5}$/.test(path) && path !== 'index.html'))
        return reply.callNotFound();
      const index = files.index();
      if (!index) return reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
      reply.header('content-security-policy', pagePolicy);
      return send(request, reply, files, withBase(index, origination.basePathOf(request.raw)));
    },
  });
}

/** The frame with `<base href>` set, so that one build works under any path. */
function withBase(index: PageFile, basePath: string): PageFile {
  const html = index.bytes.toString('utf8');
  const base = `<base href="${basePath}/" />`;
  const replaced = /<base\b[^>]*>/i.test(html)
    ? html.replace(/<base\b[^>]*>/i, base)
    : html.replace(/<head\b[^>]*>/i, (head) => `${head}${base}`);
  return makeFile(Buffer.from(replaced), index.type);
}

async function send(request: FastifyRequest, reply: FastifyReply, files: PageFiles, file: PageFile): Promise<unknown> {
  reply.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  reply.header('vary', 'accept-encoding');
  const { bytes, encoding } = await files.encoded(file, chooseEncoding(request.headers['accept-encoding']));
  // Strong validators differ by encoding.
  const etag = encoding === 'identity' ? file.etag : `${file.etag.slice(0, -1)}-${encoding}"`;
  reply.header('etag', etag);
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.type(file.type).send(bytes);
}

function decodePath(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split('?')[0]).replace(/^\/+/, '');
  } catch {
    return undefined;
  }
}
