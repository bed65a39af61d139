import type { Organisation } from '../../test/support/organisation.js';
import type { HttpResponse, Call, Client } from '../support/client.js';

/** What the requests of the soak are about. */
interface World {
  org: Organisation;
  /** Secrets of valid keys. */
  secrets: string[];
  /** The key of a protected service. */
  caller: string;
}

/** Of a hundred requests: the rest are creations and revocations, in turn. */
const shares = { verify: 70, whoami: 20, list: 6 };

/** Sends requests as a customer's day has them. */
export class Mix {
  /** Keys that were created and not revoked again. */
  private readonly created: string[] = [];

  constructor(
    private readonly client: Client,
    private readonly world: World,
  ) {}

  /**
   * Sends the next request.
   *
   * @throws when it gets no response, or is refused
   */
  async send(): Promise<void> {
    const call = this.next();
    const response = await this.client.send(call);
    if (response.status >= 300) throw new Error(`${call.method} ${call.path}: ${response.text}`);
    if (response.status === 201) this.created.push(idOf(response));
  }

  private next(): Call {
    const { org, secrets, caller } = this.world;
    const key = secrets[Math.floor(Math.random() * secrets.length)] ?? '';
    let draw = Math.random() * 100;
    if ((draw -= shares.verify) < 0) {
      return { method: 'POST', path: '/v1/verify', key: caller, body: { key } };
    }
    if ((draw -= shares.whoami) < 0) return { method: 'GET', path: '/v1/whoami', key };
    const keys = { path: org.path('/keys'), key: org.manager.key };
    if ((draw -= shares.list) < 0) return { ...keys, method: 'GET', path: `${keys.path}?limit=20` };
    const id = this.created.pop();
    if (id !== undefined) return { ...keys, method: 'DELETE', path: `${keys.path}/${id}` };
    return { ...keys, method: 'POST', body: { name: 'a key of the soak', scope: 'read' } };
  }
}

function idOf({ text }: HttpResponse): string {
  return (JSON.parse(text) as { key: { id: string } }).key.id;
}
