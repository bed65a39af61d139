import { createServer } from 'node:http';

/** What the gateway says of each request that it lets through. */
const identity = ['x-keyfence-org', 'x-keyfence-owner', 'x-keyfence-key', 'x-keyfence-permissions'];

/**
 * A service that knows nothing of keys. It says what has reached it, and refuses what nobody has said
 * the key of: that has not come through the gateway, or the gateway is not set up as it should be.
 */
export const createService = () =>
  createServer(({ method, headers }, response) => {
    const missing = identity.filter((name) => !headers[name]);
    response.statusCode = missing.length === 0 ? 200 : 403;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(missing.length === 0 ? { celsius: 21.4, method, headers } : { missing }),
    );
  });
