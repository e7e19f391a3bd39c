import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ContractCheck } from './contract-check.js';

/** The sockets: one gateway for each namespace of the contract. */
@Module({
  imports: [DiscoveryModule],
  providers: [ContractCheck],
})
export class SocketModule {}
