import { EventEmitter } from 'node:events';
import { of, throwError } from 'rxjs';
import { bindRequests } from './bind-requests.js';
import type { AnySocket } from './socket-types.js';

type Handler = Parameters<typeof bindRequests>[1][number]['callback'];

/** Handlers here answer at once; the framework's type says that they may also answer later. */
function bound(handle: (data: unknown) => unknown) {
  const callback = handle as Handler;
  const socket = new EventEmitter();
  const failures: unknown[] = [];
  bindRequests(
    socket as unknown as AnySocket,
    [{ message: 'ask', methodName: 'ask', callback, isAckHandledManually: false }],
    (result) => (result instanceof Error ? throwError(() => result) : of(result)),
    (error) => failures.push(error),
  );
  return { socket, failures };
}

describe('requests on a socket', () => {
  it.each([
    { name: 'with an object', payload: [{ a: 1 }], data: { a: 1 } },
    { name: 'with an array, which stays one argument', payload: [[1, 2]], data: [1, 2] },
    { name: 'without input', payload: [], data: undefined },
  ])('$name are answered in their ack', ({ payload, data }) => {
    const { socket } = bound((given) => ({ ok: true, given }));
    const replies: unknown[] = [];
    socket.emit('ask', ...payload, (reply: unknown) => replies.push(reply));
    expect(replies).toEqual([{ ok: true, given: data }]);
  });

  it('without an ack are handled all the same', () => {
    const seen: unknown[] = [];
    const { socket, failures } = bound((data) => void seen.push(data));
    socket.emit('ask', 1);
    expect([seen, failures]).toEqual([[1], []]);
  });

  it('go on being handled after one has thrown or failed', () => {
    const outcomes = [
      () => {
        throw new Error('thrown');
      },
      () => new Error('failed'),
      () => 'well',
    ];
    const { socket, failures } = bound(() => outcomes.shift()?.());
    const replies: unknown[] = [];
    for (let i = 0; i < 3; i++) socket.emit('ask', {}, (reply: unknown) => replies.push(reply));
    expect(failures.map(String)).toEqual(['Error: thrown', 'Error: failed']);
    expect(replies).toEqual(['well']);
  });
});
