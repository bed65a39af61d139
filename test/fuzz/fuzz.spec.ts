import { after, before, describe, it } from 'node:test';
import { expect } from 'expect';
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
import { startService, type Service } from '../support/service.js';
import { Inputs } from './accepted.js';
import { operationIds, requestsIn, type Request } from './requests.js';
import { Sender } from './send.js';
import { createWorld, secretsOf } from './world.js';

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
  /** How often each operation was asked, and answered with success. */
  const asked = new Map<string, { all: number; well: number }>();

  before(async () => {
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
  after(async () => {
    sender.close();
    await service.stop();
  });

  function assertAnswer(exchange: Exchange): void {
    const { status, headers, body } = exchange;
    // Node answers what it cannot read as HTTP: there was no request then.
    const assert = headers.has('x-request-id') ? assertDocumented : assertDocumentedProblem;
    assert(document, exchange);
    const isBusy = status === 503 && body.includes('"busy"');
    if (status >= 500 && !isBusy) throw new Error('the service failed');
    if (status >= 400 && internals.test(body)) throw new Error('the answer shows internals');
    revealed.assertNoRepetition(body);
  }

  async function ask(request: Request, seed: number): Promise<void> {
    const { operationId } = request.operation;
    let answer: Exchange | undefined;
    try {
      answer = await sender.send(request);
      // On a starved machine also PostgreSQL is late. What is out of order stays so the second time.
      if (isUnavailable(answer)) answer = await sender.send(request);
      assertAnswer(answer);
      if (answer.status < 300) inputs.assertAllowed(request);
    } catch (error) {
      const got = answer === undefined ? 'no answer' : `${answer.status} ${answer.body}`;
      const seen = `${show(request)}\n\n-> ${got.slice(0, 2_048)}`;
      throw new Error(`${String(error)}\nKEYFENCE_TEST_SEED=${seed}\n\n${seen}`, { cause: error });
    }
    const counted = asked.get(operationId) ?? { all: 0, well: 0 };
    counted.all += 1;
    if (answer.status < 300) counted.well += 1;
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

  it('are answered as it says, without a failure, a hang or a word too much', async (t) => {
    const seed = drawSeed();
    t.diagnostic(`KEYFENCE_TEST_SEED=${seed}`);
    const worlds = count(2_000, 50_000) / perWorld;
    for (let n = 0; n < worlds; n += 1) await fuzzWorld(seed + n);

    const all = [...asked.values()].reduce((sum, one) => sum + one.all, 0);
    const well = [...asked.values()].reduce((sum, one) => sum + one.well, 0);
    t.diagnostic(`${well} of ${all} were answered with success`);
    expect(well / all).toBeGreaterThan(1 / 3);
    const never = operationIds(document).filter(
      (id) => !needsProvider.has(id) && (asked.get(id)?.well ?? 0) === 0,
    );
    expect(never.slice(count(6, 0))).toEqual([]);
    const levels = service.log.map((line) => (JSON.parse(line) as { level: number }).level);
    expect(service.log.filter((_, index) => (levels[index] ?? 0) >= 50)).toEqual([]);
  });
});
