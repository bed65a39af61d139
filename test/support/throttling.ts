import { setTimeout as delay } from 'node:timers/promises';
import type { ApiResponse, Caller } from './client.js';
import { holdClock, tick } from './clock.js';
import type { Service } from './service.js';

/** Stops the clock of this process early in a minute, so that no window ends by itself. */
export async function stopClock(): Promise<void> {
  const minute = 60_000;
  const now = Math.floor(Date.now() / minute) * minute + 10_500;
  await holdClock(['Date', 'setInterval'], now);
}

/** The same as the Retry-After of anyone who has to wait: seconds until the window ends. */
export const untilWindowEnds = () => Math.ceil(60 - (Date.now() % 60_000) / 1_000);

export function toNextWindow(): void {
  tick(60_000);
}

/** What a proxy says of the client that it speaks for. */
export const from = (ip: string) => ({ 'x-forwarded-for': ip });

/** So many failures one after the other; the response to each must be 401. */
export async function fail(caller: Caller, ip: string, failures: number): Promise<void> {
  for (let n = 0; n < failures; n += 1) {
    const { status } = await caller.get('/v1/whoami', { ...from(ip), 'x-api-key': 'no key' });
    if (status !== 401)
      throw new Error(`the response to failure ${n + 1} from ${ip} was ${status}`);
  }
}

/** Asks with something that is no key. */
export const sendNonsense = (caller: Caller, ip: string): Promise<ApiResponse> =>
  caller.get('/v1/whoami', { ...from(ip), 'x-api-key': 'no key' });

/** Failures that the database knows of one client. */
export async function storedFailures({ db }: Service, client: string): Promise<number> {
  const { rows } = await db.query<{ sum: string | null }>(
    'SELECT sum(failures) FROM failed_authentications WHERE client = $1',
    [client],
  );
  return Number(rows[0]?.sum ?? 0);
}

/** Lets the services write, and waits until so many failures of the client are in the database. */
export async function untilStored(
  service: Service,
  client: string,
  failures: number,
): Promise<void> {
  tick(1_000);
  while ((await storedFailures(service, client)) !== failures) await delay(5);
}
