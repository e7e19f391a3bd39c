import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module.js';
import { AlertsModule } from './alerts/alerts.module.js';
import type { OpsroomConfig } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { AlertmanagerModule } from './gateways/http/alertmanager/alertmanager.module.js';
import { HttpModule } from './gateways/http/http.module.js';
import { PrometheusModule } from './gateways/http/prometheus/prometheus.module.js';
import { RemoteWriteModule } from './gateways/http/remote-write.module.js';
import { NotificationsHttpModule } from './gateways/http/notifications/notifications-http.module.js';
import { SocketModule } from './gateways/socket/socket.module.js';
import { IngestModule } from './ingest/ingest.module.js';
import { ModelModule } from './model/model.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { RulesModule } from './rules/rules.module.js';
import { SourcesModule } from './sources/sources.module.js';
import { StorageModule } from './storage/storage.module.js';
import { TopicsModule } from './topics/topics.module.js';

/** The whole server, a module for each folder, in the order in which data flow. */
@Module({})
export class AppModule {
  static forRoot(config: OpsroomConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        ModelModule,
        SourcesModule,
        StorageModule,
        IngestModule,
        TopicsModule,
        RulesModule,
        AlertsModule,
        NotificationsModule,
        AccountsModule,
        HttpModule,
        PrometheusModule,
        RemoteWriteModule,
        AlertmanagerModule,
        NotificationsHttpModule,
        SocketModule,
      ],
    };
  }
}
