import { Module } from '@nestjs/common';
import { Routing } from './routing.js';

/** The configuration's routing tree and time intervals. */
@Module({ providers: [Routing], exports: [Routing] })
export class RoutingModule {}
