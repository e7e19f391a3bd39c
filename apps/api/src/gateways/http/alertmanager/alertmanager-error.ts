import { HttpException } from '@nestjs/common';
import { Refusal } from '../../../model/refusal.js';
import { BadBody } from './postable.js';

/** What is wrong with the request, as a status and a text: Alertmanager's API answers errors with a bare JSON string. */
function asHttp(error: unknown): unknown {
  if (error instanceof BadBody) return new HttpException(error.message, 400);
  if (error instanceof Refusal) return new HttpException(error.message, error.error.code === 'not_found' ? 404 : 400);
  return error;
}

/** Runs a handler's work with its errors in Alertmanager's form. */
export function answering<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asHttp(error);
  }
}
