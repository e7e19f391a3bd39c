import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';
import { FaultDriver } from './fault-driver.fixture.js';

/** A hundred are what the figure in the docs comes from; a few keep the test short. */
const KILLS = Number(process.env.OPSROOM_KILLS ?? 6);
const ALERTS = 6;

/** Mulberry32: the same moments for the same seed, which a failure prints. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe('a server that is killed again and again', () => {
  let folder: string;
  let opsroom: OpsroomProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-kill-'));
    const rules = Array.from({ length: ALERTS }, (_, i) => `  - alert: Always${i}\n    expr: vector(1)\n`).join('');
    writeFileSync(join(folder, 'rules.yml'), `groups:\n- name: always\n  interval: 1s\n  rules:\n${rules}`);
    const config = join(folder, 'opsroom.yml');
    writeFileSync(config, 'rule_files: [rules.yml]\n');
    opsroom = await OpsroomProcess.start({ args: ['--config', config, '--accounts.anonymous', 'responder'] });
  }, 60_000);

  afterAll(async () => {
    await opsroom.stop();
    rmSync(folder, { recursive: true });
  });

  it(
    'loses no act that it has answered and does none twice',
    async () => {
      const seed = Date.now() & 0xffff;
      const random = randomOf(seed);
      const driver = new FaultDriver(opsroom.url, KILLS);
      await eventually('all alerts fire', async () => (await driver.views()).length === ALERTS);
      const alerts = await driver.views();
      const acting = [
        ...alerts.map((alert) => driver.actOn({ fingerprint: alert.fingerprint, episode: alert.episode })),
        driver.silence(() => Date.now()),
      ];
      const failed = Promise.all(acting);
      failed.catch(() => driver.stop());

      for (let kill = 0; kill < KILLS; kill++) {
        await new Promise((resolve) => setTimeout(resolve, 50 + random() * 500));
        await opsroom.kill();
        await opsroom.restart();
      }
      driver.stop();
      await failed;

      expect(driver.answered).toBeGreaterThan(KILLS);
      expect(driver.repeated).toBeGreaterThan(0);
      const context = { seed, kills: KILLS };
      for (const view of await driver.views()) {
        const { fingerprint } = view;
        const history = await driver.history(fingerprint);
        const count = (kind: string): number => history.filter((entry) => entry.kind === kind).length;
        const expected = driver.counts.get(fingerprint);
        expect({
          ...context,
          ...expected,
          held: driver.held.get(fingerprint),
          notes: driver.notes.get(fingerprint),
        }).toEqual({
          ...context,
          acknowledged: count('acknowledged'),
          unacknowledged: count('unacknowledged'),
          held: view.acknowledgement !== undefined,
          notes: (await driver.notesOf(fingerprint))
            .map((note) => note.text)
            .filter((text) => driver.notes.get(fingerprint)?.includes(text)),
        });
        // Kills do not end episodes: the alert has fired once and never resolved.
        expect(history.filter((entry) => ['fired', 'resolved'].includes(entry.kind))).toHaveLength(1);
      }
      const silences = (await driver.silenceList()).map(
        (silence) => [silence.comment, silence.state === 'expired'] as const,
      );
      expect(silences).toHaveLength(driver.silences.size);
      expect(new Map(silences)).toEqual(driver.silences);
      driver.close();
      process.stdout.write(`${driver.answered} acts answered over ${KILLS} kills, ${driver.repeated} sends repeated\n`);
    },
    60_000 + KILLS * 10_000,
  );
});
