import { applyDecorators, UseFilters } from '@nestjs/common';
import type { NamespaceName } from '@opsroom/contracts';
import { WebSocketGateway } from '@nestjs/websockets';
import { AcknowledgingFilter } from './acknowledging.filter.js';

/** Makes a class the gateway of one namespace of the contract. Its requests are methods with `@on`. */
export const NamespaceGateway = (namespace: NamespaceName): ClassDecorator =>
  applyDecorators(WebSocketGateway({ namespace }), UseFilters(new AcknowledgingFilter()));
