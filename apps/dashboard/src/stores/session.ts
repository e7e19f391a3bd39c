import { roleAllows, type Identity, type Role, type SessionView } from '@opsroom/contracts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { requestJson } from '../sockets/http.js';

/**
 * Who is looking at the page, as the server says.
 * In: `GET api/opsroom/session`, login, set-up and logout. Out: identity, roles. Owns: nothing on the server's side.
 */
export const useSession = defineStore('session', () => {
  const view = shallowRef<SessionView | null>(null);
  /** Set while the session cannot be asked for, in words. */
  const unreachable = ref('');

  const identity = computed<Identity | null>(() => view.value?.identity ?? null);
  const may = (role: Role): boolean => identity.value !== null && roleAllows(identity.value.role, role);

  /** Asks the server again; leaves what is known when it cannot be reached. */
  async function load(): Promise<void> {
    try {
      view.value = await requestJson<SessionView>('GET', 'api/opsroom/session');
      unreachable.value = '';
    } catch (error) {
      unreachable.value = error instanceof Error ? error.message : String(error);
    }
  }

  async function login(name: string, password: string): Promise<void> {
    await requestJson('POST', 'api/opsroom/login', { name, password });
    await load();
  }

  async function setUp(token: string, name: string, password: string): Promise<void> {
    await requestJson('POST', 'api/opsroom/setup', { token, name, password });
    await load();
  }

  async function logout(): Promise<void> {
    await requestJson('POST', 'api/opsroom/logout', {});
    await load();
  }

  return { view, identity, unreachable, may, load, login, setUp, logout };
});
