import { computed, type ComputedRef, ref, type Ref, shallowRef, watch } from 'vue';
import { listAccountAudit, listAlertHistory } from '../sockets/audit.js';
import { type AuditEntry, type AuditPart, holdsBack, kindsOf, mergeAudit } from '../stores/audit.js';

const PAGE = 100;
const UNKNOWN: AuditPart = { entries: [], done: false };
const NOTHING: AuditPart = { entries: [], done: true };

export interface Audit {
  readonly entries: ComputedRef<readonly AuditEntry[]>;
  readonly ready: Ref<boolean>;
  readonly more: ComputedRef<boolean>;
  readonly problem: Ref<string>;
  older(): Promise<void>;
}

/** The records of accounts and alerts as one list. `choice` and `actor` restrict it; `accounts`: may those be seen? */
export function useAudit(choice: Ref<string>, actor: Ref<string>, accounts: Ref<boolean>): Audit {
  const parts = shallowRef<readonly [account: AuditPart, alert: AuditPart]>([UNKNOWN, UNKNOWN]);
  const ready = ref(false);
  const problem = ref('');
  let round = 0;

  async function accountPart(part: AuditPart): Promise<AuditPart> {
    const kinds = kindsOf(choice.value).account;
    if (!kinds || !accounts.value) return NOTHING;
    const before = part.entries.at(-1)?.entry.id;
    const found = await listAccountAudit({ limit: PAGE, before, kinds, actor: actor.value });
    return extended(
      part,
      found.map((entry) => ({ source: 'account', entry })),
    );
  }
  async function alertPart(part: AuditPart): Promise<AuditPart> {
    const kinds = kindsOf(choice.value).alert;
    if (!kinds) return NOTHING;
    const before = part.entries.at(-1)?.entry.id;
    const found = await listAlertHistory({ limit: PAGE, before, kinds, actor: actor.value });
    return extended(
      part,
      found.map((entry) => ({ source: 'alert', entry })),
    );
  }

  /** Fetches further what the list waits for. An answer to a question that nobody asks any more is dropped. */
  async function older(): Promise<void> {
    const asked = round;
    const [account, alert] = parts.value;
    try {
      const next = await Promise.all([
        holdsBack(account, parts.value) ? accountPart(account) : account,
        holdsBack(alert, parts.value) ? alertPart(alert) : alert,
      ]);
      if (asked !== round) return;
      parts.value = next;
      ready.value = true;
      problem.value = '';
    } catch (error) {
      if (asked === round) problem.value = error instanceof Error ? error.message : String(error);
    }
  }
  watch(
    [choice, actor, accounts],
    () => {
      round++;
      parts.value = [UNKNOWN, UNKNOWN];
      ready.value = false;
      void older();
    },
    { immediate: true },
  );

  return {
    entries: computed(() => mergeAudit(parts.value)),
    ready,
    more: computed(() => ready.value && parts.value.some((part) => !part.done)),
    problem,
    older,
  };
}

const extended = (part: AuditPart, found: readonly AuditEntry[]): AuditPart => ({
  entries: [...part.entries, ...found],
  done: found.length < PAGE,
});
