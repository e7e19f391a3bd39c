import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { AlertsModule } from '../../alerts/alerts.module.js';
import { RulesModule } from '../../rules/rules.module.js';
import { SourcesModule } from '../../sources/sources.module.js';
import { StorageModule } from '../../storage/storage.module.js';
import { TopicsModule } from '../../topics/topics.module.js';
import { HttpModule } from '../http/http.module.js';
import { AlertsGateway } from './alerts.gateway.js';
import { ContractCheck } from './contract-check.js';
import { MetricsDelivery } from './metrics-delivery.js';
import { MetricsGateway } from './metrics.gateway.js';
import { MetricsRooms } from './metrics-rooms.js';
import { PeopleGateway } from './people.gateway.js';
import { Requests } from './requests.js';
import { RoomsGateway } from './rooms.gateway.js';
import { RuleFileChanges } from './rule-file-changes.service.js';
import { RulesGateway } from './rules.gateway.js';
import { SocketSessions } from './socket-sessions.js';
import { StatusGateway } from './status.gateway.js';
import { StatusService } from './status.service.js';

/** The sockets: one gateway for each namespace of the contract. */
@Module({
  imports: [
    AccountsModule,
    AlertsModule,
    DiscoveryModule,
    HttpModule,
    RulesModule,
    SourcesModule,
    StorageModule,
    TopicsModule,
  ],
  providers: [
    AlertsGateway,
    ContractCheck,
    MetricsDelivery,
    MetricsGateway,
    MetricsRooms,
    PeopleGateway,
    Requests,
    RoomsGateway,
    RuleFileChanges,
    RulesGateway,
    SocketSessions,
    StatusGateway,
    StatusService,
  ],
})
export class SocketModule {}
