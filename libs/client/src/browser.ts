/** What `/opsroom-client.js` of a running server exports: the client library for pages without a build step of their own. */
export { connect } from './connect.js';
export { isAbsent } from '@opsroom/contracts';
