import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { NamespaceName, Reply } from '@opsroom/contracts';
import { handledRequests } from './on.js';
import type { AnySocket } from './socket-types.js';

type Handler = (socket: AnySocket, input: unknown) => Promise<Reply>;

/**
 * In: the gateways of the application. Out: the handler of each request. Owns: one table for all sockets, instead of the listener
 * and the bound handler that the framework keeps for each request of each socket (docs/adr/0006-one-table-of-requests.md).
 */
@Injectable()
export class Requests implements OnModuleInit {
  private readonly handlers = new Map<string, Handler>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders()) {
      if (typeof instance !== 'object' || instance === null) continue;
      for (const { namespace, event, answering } of handledRequests(Object.getPrototypeOf(instance) as object)) {
        this.handlers.set(keyOf(namespace, event), (socket, input) => answering.call(instance, socket, input));
      }
    }
  }

  /** Undefined: nothing answers such a request there. */
  handlerOf(namespace: NamespaceName, event: string): Handler | undefined {
    return this.handlers.get(keyOf(namespace, event));
  }
}

const keyOf = (namespace: NamespaceName, event: string): string => `${namespace} ${event}`;
