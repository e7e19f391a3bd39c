import { createHash, randomBytes } from 'node:crypto';

/** Marks API tokens, so that people and secret scanners recognise one that lies around. */
export const TOKEN_MARK = 'ops_';

/** 256 random bits as text that fits in a cookie, a header and a URL. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored of a random secret. A plain hash is enough: nobody guesses 256 bits. */
export const hashSecret = (secret: string): Uint8Array => createHash('sha256').update(secret).digest();
