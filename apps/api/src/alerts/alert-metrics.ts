import { Injectable } from '@nestjs/common';
import { SelfMetrics } from '../model/self-metrics.js';
import { AlertBook } from './alert-book.js';
import { SilencesService } from './silences.service.js';

/** In: alerts and silences. Out: how many there are, at /metrics. Owns: the gauges. */
@Injectable()
export class AlertMetrics {
  constructor(metrics: SelfMetrics, book: AlertBook, silences: SilencesService) {
    metrics.gauge({
      name: 'opsroom_alerts',
      help: 'Alerts by condition, and whether a person has them.',
      labelNames: ['condition', 'acknowledged'],
      collect: (gauge) => {
        const counts = { pending: 0, firing: 0, resolved: 0, inactive: 0 };
        let acknowledged = 0;
        for (const state of book.all()) {
          if (state.condition === 'firing' && state.acknowledgement) acknowledged++;
          else counts[state.condition]++;
        }
        for (const condition of ['pending', 'firing', 'resolved'] as const) {
          gauge.set({ condition, acknowledged: 'false' }, counts[condition]);
        }
        gauge.set({ condition: 'firing', acknowledged: 'true' }, acknowledged);
      },
    });
    metrics.gauge({
      name: 'opsroom_silences',
      help: 'Silences by state.',
      labelNames: ['state'],
      collect: (gauge) => {
        for (const [state, count] of Object.entries(silences.countByState())) gauge.set({ state }, count);
      },
    });
  }
}
