// What every browser has and jsdom has not.
import { TextDecoder, TextEncoder } from 'node:util';

Object.assign(globalThis, { TextDecoder, TextEncoder });

// jsdom lays nothing out, so there is nothing to scroll to.
globalThis.Element.prototype.scrollIntoView = () => undefined;
