import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AccountsModule } from '../../accounts/accounts.module.js';
import { StorageModule } from '../../storage/storage.module.js';
import { AuthGuard } from './auth.guard.js';
import { HealthController } from './health.controller.js';
import { HttpErrorFilter } from './http-error.filter.js';
import { MetricsController } from './metrics.controller.js';
import { OriginPolicy } from './origin-policy.js';
import { OriginationService } from './origination.service.js';
import { AccountsController } from './people/accounts.controller.js';
import { SessionController } from './people/session.controller.js';
import { TokensController } from './people/tokens.controller.js';

/** HTTP: who may, the page, people, health. Programs' APIs have modules of their own beside it. */
@Module({
  imports: [AccountsModule, StorageModule],
  controllers: [AccountsController, HealthController, MetricsController, SessionController, TokensController],
  providers: [
    OriginationService,
    OriginPolicy,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_FILTER, useClass: HttpErrorFilter },
  ],
  exports: [OriginationService, OriginPolicy],
})
export class HttpModule {}
