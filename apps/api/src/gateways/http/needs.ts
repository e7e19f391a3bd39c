import { SetMetadata } from '@nestjs/common';
import type { Role } from '@opsroom/contracts';

export const NEEDS = 'opsroom:needs';

/** The role that a route or controller asks for; without it a viewer's. */
export const Needs = (role: Role): MethodDecorator & ClassDecorator => SetMetadata(NEEDS, role);

/** A route for everybody: health, and what comes before a login. */
export const Open = (): MethodDecorator & ClassDecorator => SetMetadata(NEEDS, 'nobody');
