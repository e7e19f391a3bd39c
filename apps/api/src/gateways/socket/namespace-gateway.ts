import type { NamespaceName } from '@opsroom/contracts';
import { WebSocketGateway } from '@nestjs/websockets';

/** Makes a class the gateway of one namespace of the contract. Its requests are methods with `@on`. */
export const NamespaceGateway = (namespace: NamespaceName): ClassDecorator => WebSocketGateway({ namespace });
