import type { FastifyReply } from 'fastify';

/** Whether a client has closed its connection before its answer is through. */
export interface ClientSignal {
  readonly aborted: boolean;
  /** Calls `listener` once it is aborted; what it returns takes that back. */
  onAborted(listener: () => void): () => void;
}

/** Reads the connection's own state: queries are many, and few are ever aborted. */
export function clientSignal({ raw }: Pick<FastifyReply, 'raw'>): ClientSignal {
  return {
    get aborted() {
      return raw.destroyed && !raw.writableFinished;
    },
    onAborted(listener) {
      const closed = (): void => {
        if (!raw.writableFinished) listener();
      };
      raw.once('close', closed);
      return () => raw.off('close', closed);
    },
  };
}
