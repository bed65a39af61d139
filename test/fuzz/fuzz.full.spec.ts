import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { OpenApiDocument } from '../../src/openapi/document.js';
import {
  assertDocumented,
  assertDocumentedProblem,
  documentOf,
  type Exchange,
} from '../support/contract.js';
import { count, drawSeed } from '../support/environment.js';
import { Revealed } from '../support/leaks.js';
import { note } from '../support/note.js';
import { startService, type Service } from '../support/service.js';
import { Inputs } from './accepted.js';
import { operationIds, requestsIn, type Request } from './requests.js';
import { Sender } from './send.js';
import { createWorld, secretsOf } from './world.js';

// So many requests take minutes on a busy machine.
jest.setTimeout(30 * 60_000);

/** Requests to one world: then little of it works any more. */
const perWorld = 400;
const atOnce = 8;

/** What a refusal never shows: frames of a stack, and files of ours. */
const internals = /\n\s+at |node_modules|file:\/\/|[\w/]\.[jt]s:\d/;

function isUnavailable({ status, body }: Exchange): boolean {
  return status === 503 && body.includes('"unavailable"');
}

function show({ method, path, headers, body = '' }: Request): string {
  const lines = headers.map(([name, value]) => `${name}: ${value.slice(0, 300)}`);
  return [`${method} ${path}`, ...lines, '', body.toString().slice(0, 2_048)].join('\n');
}

describe('requests drawn by lot from /openapi.json', () => {
  let service: Service;
  let sender: Sender;
  let document: OpenApiDocument;
  let inputs: Inputs;
  const revealed = new Revealed();
  /** There is no identity provider here, and nobody could come back from it by chance. */
  const needsProvider = new Set(['beginProviderSignIn', 'finishProviderSignIn']);
  /** How often each operation was called, and how often with success. */
  const asked = new Map<string, { all: number; well: number }>();

  beforeAll(async () => {
    // On a machine that has no time for them, queries are late: that would be a rightful 503.
    const settings = {
      fenceTimeout: 8_000,
      publicUrl: 'https://keys.example.com',
      // Nobody takes mail there, but links can be asked for.
      smtpUrl: 'smtp://127.0.0.1:9',
      mailFrom: 'keys@example.com',
    };
    service = await startService({ settings });
    sender = new Sender(service.url);
    document = await documentOf(service.url);
    inputs = new Inputs(document);
  });
  afterAll(async () => {
    sender.close();
    await service.stop();
  });

  function assertResponse(exchange: Exchange): void {
    const { status, headers, body } = exchange;
    // Node itself responds to what it cannot read as HTTP: there was no request then.
    const assert = headers.has('x-request-id') ? assertDocumented : assertDocumentedProblem;
    assert(document, exchange);
    const isBusy = status === 503 && body.includes('"busy"');
    if (status >= 500 && !isBusy) throw new Error('the service failed');
    if (status >= 400 && internals.test(body)) throw new Error('the response shows internals');
    revealed.assertNoRepetition(body);
  }

  async function ask(request: Request, seed: number): Promise<void> {
    const { operationId } = request.operation;
    let response: Exchange | undefined;
    try {
      response = await sender.send(request);
      // On a starved machine also PostgreSQL is late. What is out of order stays so the second time.
      if (isUnavailable(response)) response = await sender.send(request);
      assertResponse(response);
      if (response.status < 300) inputs.assertAllowed(request);
    } catch (error) {
      const got = response === undefined ? 'no response' : `${response.status} ${response.body}`;
      const seen = `${show(request)}\n\n-> ${got.slice(0, 2_048)}`;
      throw new Error(`${String(error)}\nKEYFENCE_TEST_SEED=${seed}\n\n${seen}`, { cause: error });
    }
    const counted = asked.get(operationId) ?? { all: 0, well: 0 };
    counted.all += 1;
    if (response.status < 300) counted.well += 1;
    asked.set(operationId, counted);
  }

  async function fuzzWorld(seed: number): Promise<void> {
    const world = await createWorld(service);
    secretsOf(world).forEach((secret) => {
      revealed.note(secret);
    });
    const requests = fc.sample(requestsIn(document, world), { seed, numRuns: perWorld }).values();
    const work = async () => {
      for (const request of requests) await ask(request, seed);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  it('get responses as it says, without a failure, a hang or a word too much', async () => {
    const seed = drawSeed();
    note(`KEYFENCE_TEST_SEED=${seed}`);
    const worlds = count(2_000, 20_000) / perWorld;
    for (let n = 0; n < worlds; n += 1) await fuzzWorld(seed + n);

    const all = [...asked.values()].reduce((sum, one) => sum + one.all, 0);
    const well = [...asked.values()].reduce((sum, one) => sum + one.well, 0);
    note(`${well} of ${all} succeeded`);
    // Most draws end between a third and two fifths; one that suspends an organisation early, below.
    expect(well / all).toBeGreaterThan(1 / 4);
    const never = operationIds(document).filter(
      (id) => !needsProvider.has(id) && (asked.get(id)?.well ?? 0) === 0,
    );
    // Of some there are few draws.
    expect(never.slice(count(15, 3))).toEqual([]);
    // Requests at once wait for each other's locks, on a starved machine in vain: `busy` is a response.
    const isFailure = (line: string) => {
      const { level, code } = JSON.parse(line) as { level: number; code?: string };
      return level >= 50 && code !== 'busy';
    };
    expect(service.log.filter(isFailure)).toEqual([]);
  });
});
