import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

/** Time in which a service that asks at the headers has asked, in milliseconds. */
const timeoutMs = 300;

/** Posts JSON, and does something else before the last of it is sent; where that fails it breaks off. */
export async function postSlowly(
  url: string,
  headers: Record<string, string>,
  content: unknown,
  meanwhile: () => Promise<unknown>,
): Promise<{ status: number; body: string }> {
  const whole = JSON.stringify(content);
  const sent = request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': whole.length, ...headers },
  });
  const response = new Promise<{ status: number; body: string }>((resolve, reject) => {
    sent.on('error', reject).on('response', (response) => {
      const { statusCode: status = 0 } = response;
      text(response).then((body) => {
        resolve({ status, body });
      }, reject);
    });
  });
  sent.write(whole.slice(0, -1));
  await delay(timeoutMs);
  try {
    await meanwhile();
  } catch (error) {
    response.catch(() => undefined);
    sent.destroy();
    throw error;
  }
  sent.end(whole.slice(-1));
  return response;
}
