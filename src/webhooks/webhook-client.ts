import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { DeliveryError } from '../outbox/deliveries.js';

/** Milliseconds that a receiver may take. */
const patience = 10_000;

/** Says why there was no answer. */
function failure(error: Error): DeliveryError {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return new DeliveryError(`no answer within ${patience / 1_000} seconds`);
  }
  // The agent has no code for it, and its words tell what address a name stands for in our network.
  if (/^DNS lookup .* is not allowed/.test(error.message)) {
    return new DeliveryError('the host is not on the public internet', true);
  }
  return new DeliveryError(error.message);
}

/** Sends webhooks: to public addresses alone, whatever names stand for at that moment. */
export class WebhookClient {
  private readonly agents;

  constructor(allowPrivate: boolean) {
    const options = { allowPrivateIPAddress: allowPrivate, allowMetaIPAddress: allowPrivate };
    this.agents = {
      'http:': new RequestFilteringHttpAgent(options),
      'https:': new RequestFilteringHttpsAgent(options),
    };
  }

  /**
   * Sends JSON. Redirects are not followed, and nothing but the status of the answer is looked at.
   *
   * @throws DeliveryError unless the answer was one of success; final for 410, by which a receiver says
   *   that it wants no more (Standard Webhooks)
   */
  async post(url: string, headers: Record<string, string>, body: string): Promise<void> {
    const status = await this.statusOf(new URL(url), headers, body);
    if (status >= 200 && status < 300) return;
    throw new DeliveryError(`the receiver answered ${status}`, status === 410);
  }

  private statusOf(url: URL, headers: Record<string, string>, body: string): Promise<number> {
    const isSecure = url.protocol === 'https:';
    const options = {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'Keyfence',
        ...headers,
      },
      agent: this.agents[isSecure ? 'https:' : 'http:'],
      signal: AbortSignal.timeout(patience),
    };
    return new Promise((resolve, reject) => {
      const request = (isSecure ? requestHttps : requestHttp)(url, options, (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      request.on('error', (error) => {
        reject(failure(error));
      });
      request.end(body);
    });
  }
}
