/**
 * Waits until `probe` gives something other than undefined or false, and returns it. Asks often and gives up with `what` in the
 * message, so that a test waits for facts and not for time.
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 15_000,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  let lastError: unknown;
  while (performance.now() < deadlineMs) {
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`gave up after ${withinMs} ms waiting until ${what}`, { cause: lastError });
}
