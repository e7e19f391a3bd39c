import { jest } from '@jest/globals';
import { createPinia, setActivePinia } from 'pinia';
import { useConnection } from './connection.js';

describe('the signs of life of the server', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
    setActivePinia(createPinia());
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are its messages and newer samples, not what the page knows already', () => {
    const connection = useConnection();
    connection.heard(undefined, 999_000);
    expect(connection.heardMs).toBe(1_000_000);
    jest.setSystemTime(1_005_000);
    connection.heard(undefined, 999_000);
    expect(connection.heardMs).toBe(1_000_000);
    connection.heard(undefined, 1_004_000);
    expect(connection.heardMs).toBe(1_005_000);
    jest.setSystemTime(1_006_000);
    connection.heard(1_006_000);
    expect(connection.heardMs).toBe(1_006_000);
  });

  it('say what time it is there', () => {
    const connection = useConnection();
    connection.heard(1_030_000);
    expect(connection.nowMs).toBe(1_030_000);
  });
});
