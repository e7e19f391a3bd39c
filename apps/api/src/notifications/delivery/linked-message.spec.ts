import { queuedMessage } from '../message.fixture.js';
import { linkedMessage } from './linked-message.js';

describe('linkedMessage', () => {
  it('gives what fires a link, and tells nobody the episode', async () => {
    const { alerts } = await linkedMessage(queuedMessage(), ({ fingerprint, episode }) => `${fingerprint}/${episode}`);
    expect(alerts.map(({ acknowledgeURL }) => acknowledgeURL)).toEqual(['a/e1', '']);
    expect(alerts[0]).not.toHaveProperty('episode');
  });

  it('lets others have their turn while it makes many', async () => {
    const { alerts, ...message } = queuedMessage();
    let others = 0;
    const count = setInterval(() => others++, 0);
    const made = await linkedMessage({ ...message, alerts: Array.from({ length: 10_000 }, () => alerts[0]) }, () => {
      for (const until = performance.now() + 0.02; performance.now() < until;);
      return 'link';
    });
    clearInterval(count);
    expect(made.alerts).toHaveLength(10_000);
    expect(others).toBeGreaterThan(10);
  });
});
