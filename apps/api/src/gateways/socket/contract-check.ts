import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { requestSchemas } from '@opsroom/contracts/schemas';
import { type HandledRequest, handledRequests } from './on.js';

/**
 * In: every provider of the application. Out: an error at the start unless each request of the contract has exactly one
 * handler. Owns: nothing.
 */
@Injectable()
export class ContractCheck implements OnModuleInit {
  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const prototypes = new Set<object>();
    for (const { metatype } of this.discovery.getProviders()) {
      if (typeof metatype === 'function' && metatype.prototype) prototypes.add(metatype.prototype as object);
    }
    const problems = contractProblems([...prototypes].flatMap(handledRequests));
    if (problems.length > 0) throw new Error(`the sockets' handlers do not fit the contract: ${problems.join('; ')}`);
  }
}

/** What is wrong with a set of handlers, in words: requests without one, requests with several. */
export function contractProblems(handled: readonly HandledRequest[]): string[] {
  const counts = new Map<string, number>();
  for (const { namespace, event } of handled) {
    const name = `${namespace} ${event}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const problems: string[] = [];
  for (const [namespace, events] of Object.entries(requestSchemas)) {
    for (const event of Object.keys(events)) {
      const count = counts.get(`${namespace} ${event}`) ?? 0;
      if (count === 0) problems.push(`${namespace} ${event} has no handler`);
      if (count > 1) problems.push(`${namespace} ${event} has ${count} handlers`);
    }
  }
  return problems;
}
