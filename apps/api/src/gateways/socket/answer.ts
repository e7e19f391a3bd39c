import { Logger } from '@nestjs/common';
import { type Identity, type Reply, type RequestError, type Role, roleAllows } from '@opsroom/contracts';
import type { z } from 'zod';
import { Refusal } from '../../model/refusal.js';

const logger = new Logger('Requests');

/**
 * Answers one request: the role is checked, the input is parsed, `handle` does the work. Whatever happens, the result is a
 * reply and nothing is thrown: a `Refusal` gives its own error, anything else is logged and answered as `internal`.
 */
export async function answer<I>(
  request: { readonly name: string; readonly schema: z.ZodType<I>; readonly needs: Role },
  identity: Identity,
  input: unknown,
  handle: (input: I) => unknown,
): Promise<Reply> {
  if (!roleAllows(identity.role, request.needs)) {
    return refuse({
      code: 'forbidden',
      message: `${request.name} needs the role ${request.needs}; ${identity.name} is ${identity.role}`,
    });
  }
  const parsed = request.schema.safeParse(input ?? {});
  if (!parsed.success) return refuse({ code: 'bad_request', message: `${request.name}: ${describe(parsed.error)}` });
  try {
    const fields = await handle(parsed.data);
    return { ...(typeof fields === 'object' ? fields : {}), ok: true };
  } catch (error) {
    return refuse(errorOf(error, request.name));
  }
}

/** The error that a reply carries for something thrown. */
function errorOf(thrown: unknown, requestName: string): RequestError {
  if (thrown instanceof Refusal) return thrown.error;
  logger.error(`${requestName} failed`, thrown instanceof Error ? thrown.stack : thrown);
  return { code: 'internal', message: `${requestName} failed; the server's log says why` };
}

function refuse(error: RequestError): Reply {
  return { ok: false, error };
}

function describe(error: z.ZodError): string {
  return error.issues
    .map((issue) => `${issue.path.length ? `${issue.path.join('.')}: ` : ''}${issue.message}`)
    .join('; ');
}
