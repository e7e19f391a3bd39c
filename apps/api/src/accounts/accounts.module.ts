import { Module } from '@nestjs/common';
import { StorageModule } from '../storage/storage.module.js';
import { AccountAudit } from './account-audit.js';
import { AccountRows } from './account-rows.js';
import { AccountsService } from './accounts.service.js';
import { AdministrationService } from './administration.service.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordLogin } from './password-login.js';
import { Passwords } from './passwords.js';
import { SessionEnds } from './session-ends.js';
import { SessionRows } from './session-rows.js';
import { SessionsService } from './sessions.service.js';
import { TokenRows } from './token-rows.js';

/** People, their sessions and machines' tokens. */
@Module({
  imports: [StorageModule],
  providers: [
    AccountAudit,
    AccountRows,
    AccountsService,
    AdministrationService,
    LoginThrottle,
    PasswordLogin,
    Passwords,
    SessionEnds,
    SessionRows,
    SessionsService,
    TokenRows,
  ],
  exports: [AccountAudit, AccountsService, AdministrationService, SessionsService],
})
export class AccountsModule {}
