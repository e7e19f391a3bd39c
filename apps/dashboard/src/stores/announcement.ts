import type { AlertView } from '@opsroom/contracts';
import { alertName, tellingLabels } from '../format/alert-words.js';
import { severityOf } from '../format/severity.js';

const MOST_NAMES = 2;

/**
 * What is said to somebody who does not look at the page about alerts that have come: the names of a few, the number of many,
 * the worst first. '' for none.
 */
export function announcementOf(fresh: readonly AlertView[]): string {
  if (fresh.length === 0) return '';
  if (fresh.length > MOST_NAMES) {
    const critical = fresh.filter((alert) => severityOf(alert.labels) === 'critical').length;
    return `${fresh.length} new alerts${critical > 0 ? `, ${critical} critical` : ''}`;
  }
  return fresh
    .map((alert) => ({ alert, severity: severityOf(alert.labels) }))
    .sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'))
    .map(({ alert, severity }) => {
      const where = tellingLabels(alert.labels)[0]?.[1];
      return `${severity}: ${alertName(alert)}${where === undefined ? '' : ` on ${where}`}`;
    })
    .join('; ');
}
