import type { LabelSet } from '@opsroom/contracts';
import {
  GoFunction,
  type GoList,
  type GoMap,
  GoNamed,
  GoStruct,
  type GoValue,
  stringMap,
  timeValue,
} from '@opsroom/templates';
import type { Message, MessageAlert } from '../delivery/message.js';

/** A message as Alertmanager's templates see it: `Data`, with `Alerts.Firing`, `KV.SortedPairs` and the other methods. */
export function templateData(message: Message): GoStruct {
  return new GoStruct('Data', {
    Receiver: message.receiver,
    Status: message.status,
    Alerts: alerts(message.alerts),
    GroupLabels: keyValues(message.groupLabels),
    CommonLabels: keyValues(message.commonLabels),
    CommonAnnotations: keyValues(message.commonAnnotations),
    ExternalURL: message.externalURL,
    GroupKey: message.groupKey,
    NotificationReason: message.notificationReason,
  });
}

function alerts(list: readonly MessageAlert[]): GoNamed {
  const values = list.map(alert);
  const select = (status: MessageAlert['status']): GoFunction =>
    new GoFunction([], () => values.filter((_, i) => list[i].status === status));
  return new GoNamed('Alerts', values, { Firing: select('firing'), Resolved: select('resolved') });
}

function alert(one: MessageAlert): GoStruct {
  return new GoStruct('Alert', {
    Status: one.status,
    Labels: keyValues(one.labels),
    Annotations: keyValues(one.annotations),
    StartsAt: timeValue(Date.parse(one.startsAt)),
    EndsAt: timeValue(Date.parse(one.endsAt)),
    GeneratorURL: one.generatorURL,
    Fingerprint: one.fingerprint,
    AcknowledgeURL: one.acknowledgeURL,
  });
}

/** Alertmanager's `KV`: `alertname` comes first in its sorted pairs. */
function keyValues(set: LabelSet): GoMap {
  const names = Object.keys(set).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return stringMap(set, {
    SortedPairs: new GoFunction([], () => pairs(names.map((name) => [name, set[name]]))),
    Names: new GoFunction([], () => names),
    Values: new GoFunction([], () => names.map((name) => set[name])),
    Remove: new GoFunction(['list'], ([removed]) => {
      const gone = new Set(removed as readonly GoValue[]);
      return keyValues(Object.fromEntries(Object.entries(set).filter(([name]) => !gone.has(name))));
    }),
  });
}

const rank = (name: string): number => (name === 'alertname' ? 0 : 1);

function pairs(entries: readonly (readonly [string, string])[]): GoNamed {
  const list: GoList = entries.map(([Name, Value]) => new GoStruct('Pair', { Name, Value }));
  return new GoNamed('Pairs', list, {
    Names: new GoFunction([], () => entries.map(([name]) => name)),
    Values: new GoFunction([], () => entries.map(([, value]) => value)),
  });
}
