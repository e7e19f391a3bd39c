import { Controller, Get } from '@nestjs/common';
import { OpsroomConfig } from '../../../config/config.js';
import { originalConfig } from './original-config.js';
import { Clock } from '../../../model/clock.js';

/** `/api/v2/status` and `/api/v2/receivers`: every amtool command asks for the first before anything else. */
@Controller('api/v2')
export class AlertmanagerStatusController {
  private readonly startedMs: number;

  constructor(
    private readonly config: OpsroomConfig,
    clock: Clock,
  ) {
    this.startedMs = clock.nowMs();
  }

  @Get('status')
  status(): object {
    return {
      cluster: { status: 'disabled', peers: [] },
      config: { original: originalConfig(this.config.text) },
      uptime: new Date(this.startedMs).toISOString(),
      versionInfo: { branch: '', buildDate: '', buildUser: '', goVersion: '', revision: '', version: '0.28.0' },
    };
  }

  @Get('receivers')
  receivers(): { name: string }[] {
    return this.config.receivers.map(({ name }) => ({ name }));
  }
}
