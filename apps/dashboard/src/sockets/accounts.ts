import type { AccountView, Role, TokenView } from '@opsroom/contracts';
import { requestJson } from './http.js';

export const listTokens = async (): Promise<readonly TokenView[]> =>
  (await requestJson<{ tokens: readonly TokenView[] }>('GET', 'api/opsroom/tokens')).tokens;

/** Makes a token; its secret is in the answer and never again. */
export const createToken = (name: string, role: Role): Promise<{ token: TokenView; secret: string }> =>
  requestJson('POST', 'api/opsroom/tokens', { name, role });

export const revokeToken = (id: number): Promise<void> => requestJson('DELETE', `api/opsroom/tokens/${id}`);

export const changePassword = (oldPassword: string, newPassword: string): Promise<void> =>
  requestJson('POST', 'api/opsroom/password', { oldPassword, newPassword });

export const listAccounts = async (): Promise<readonly AccountView[]> =>
  (await requestJson<{ accounts: readonly AccountView[] }>('GET', 'api/opsroom/accounts')).accounts;

export const createAccount = (name: string, password: string, role: Role): Promise<AccountView> =>
  requestJson('POST', 'api/opsroom/accounts', { name, password, role });

export const changeRole = (name: string, role: Role): Promise<AccountView> =>
  requestJson('PATCH', `api/opsroom/accounts/${encodeURIComponent(name)}`, { role });

export const removeAccount = (name: string): Promise<void> =>
  requestJson('DELETE', `api/opsroom/accounts/${encodeURIComponent(name)}`);
