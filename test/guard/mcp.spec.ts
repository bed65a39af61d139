import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { startExample, type Example } from '../support/example.js';
import { connectTo } from '../support/mcp.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import type { Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';
import { postSlowly } from '../support/slow-body.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const readTools = ['diagnose', 'monitor', 'query'];
const writeTools = ['record', 'save_scenario'];

describe('an MCP server that the package protects', () => {
  let service: Service;
  let org: Organisation;
  let proxy: TcpProxy;
  let example: Example;

  beforeAll(async () => {
    service = await shareService();
    const grants = ['telemetry:read', 'telemetry:write', 'scenarios:write', 'plant:admin'];
    org = await createOrganisation(service, grants);
    proxy = await TcpProxy.start(service.url);
    example = await startExample('mcp-server', 'server.js', {
      KEYFENCE_URL: proxy.url(service.url),
      KEYFENCE_SERVICE_KEY: org.manager.key,
    });
  });
  afterAll(async () => {
    await example.stop();
    await proxy.close();
    await service.stop();
  });

  const connect = (secret: string) => connectTo(`${example.url}/mcp`, secret);
  const toolsOf = async (client: Client) =>
    (await client.listTools()).tools.map(({ name }) => name).sort();
  const call = async (client: Client, name: string, input: Record<string, unknown> = {}) => {
    const { content } = await client.callTool({ name, arguments: input });
    const [first] = content as { text: string }[];
    return first?.text;
  };

  it('shows each key the tools that it may use, and runs no others', async () => {
    const reader = await connect((await createKey(org.member, org, { scope: 'read' })).secret);
    expect(await toolsOf(reader)).toEqual(readTools);
    expect(await call(reader, 'monitor')).toMatch(/"isWithinLimits":true/);
    expect(await call(reader, 'query', { sensor: 'turbine' })).toContain('61.2');
    for (const name of [...writeTools, 'configure', 'no such tool']) {
      await expect(call(reader, name, { name: 'x', sensor: 'x', celsius: 1 })).rejects.toThrow(
        /not found/,
      );
    }
    await reader.close();

    const { id, secret } = await createKey(org.member, org, { scope: 'read-write' });
    const writer = await connect(secret);
    expect(await toolsOf(writer)).toEqual([...readTools, ...writeTools].sort());
    const recorded = await call(writer, 'record', { sensor: 'boiler', celsius: 99 });
    expect(recorded).toContain(id);
    await writer.close();

    const admin = await connect((await createKey(org.manager, org, { scope: 'admin' })).secret);
    expect(await toolsOf(admin)).toEqual([...readTools, ...writeTools, 'configure'].sort());
    expect(await call(admin, 'diagnose')).toContain('boiler');
    expect(await call(admin, 'configure', { celsius: 120 })).toContain('120');
    expect(await call(admin, 'diagnose')).toBe('[]');
    await admin.close();
  });

  it('refuses the next call of an open session whose key was revoked', async () => {
    const { id, secret } = await createKey(org.member, org, { scope: 'read' });
    const client = await connect(secret);
    await call(client, 'monitor');
    await org.manager.delete(org.path(`/keys/${id}`));
    await expect(call(client, 'monitor')).rejects.toThrow(/401|unauthori[sz]ed/i);
    await expect(client.listTools()).rejects.toThrow(/401|unauthori[sz]ed/i);
    await client.close();
  });

  it('takes tools out of an open session whose key was restricted', async () => {
    const { id, secret } = await createKey(org.member, org, { scope: 'read-write' });
    const client = await connect(secret);
    await call(client, 'record', { sensor: 'valve', celsius: 20 });
    await org.manager.patch(org.path(`/keys/${id}`), { scope: 'read' });
    await expect(call(client, 'record', { sensor: 'valve', celsius: 20 })).rejects.toThrow(
      /not found/,
    );
    expect(await toolsOf(client)).toEqual(readTools);
    await client.close();
  });

  const message = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'record', arguments: { sensor: 'late', celsius: 1 } },
  };
  const headersOf = (secret: string) => ({
    authorization: `Bearer ${secret}`,
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2025-06-18',
  });

  it('judges a call when all of it is there', async () => {
    const { id, secret } = await createKey(org.member, org, { scope: 'read-write' });
    const record = (meanwhile: () => Promise<unknown>) =>
      postSlowly(`${example.url}/mcp`, headersOf(secret), message, meanwhile);
    const valid = await record(() => Promise.resolve());
    expect(valid).toMatchObject({ status: 200, body: expect.stringContaining(id) });
    const late = await record(() => org.manager.delete(org.path(`/keys/${id}`)));
    expect(late.status).toBe(401);

    const reader = await connect((await createKey(org.member, org, { scope: 'read' })).secret);
    const readings = await call(reader, 'query', { sensor: 'late' });
    expect(JSON.parse(readings ?? '')).toHaveLength(1);
    await reader.close();
  });

  it('refuses what is no message, although its key is valid', async () => {
    const { secret } = await createKey(org.member, org, { scope: 'read' });
    const post = async (body: string, headers: Record<string, string> = headersOf(secret)) => {
      const all = { ...headers, 'content-type': 'application/json' };
      const response = await fetch(`${example.url}/mcp`, { method: 'POST', headers: all, body });
      return { status: response.status, body: await response.json() };
    };
    const tooLong = JSON.stringify({ ...message, padding: 'x'.repeat(5_000_000) });
    for (const [body, status, code] of [
      ['{', 400, -32_700],
      ['', 400, -32_700],
      [tooLong, 413, -32_000],
    ] as const) {
      const response = await post(body);
      expect(response).toMatchObject({
        status,
        body: { jsonrpc: '2.0', error: { code }, id: null },
      });
    }
    expect(await post('{', headersOf('nonsense'))).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    expect(await post(tooLong, {})).toMatchObject({ status: 401 });
  });

  it('goes on when a message breaks off', async () => {
    const { secret } = await createKey(org.member, org, { scope: 'read' });
    const broken = postSlowly(`${example.url}/mcp`, headersOf(secret), message, () =>
      Promise.reject(new Error('broken off')),
    );
    await expect(broken).rejects.toThrow('broken off');
    const client = await connect(secret);
    expect(await call(client, 'monitor')).toContain('isWithinLimits');
    await client.close();
  });

  it('refuses anyone without a key, and everybody while Keyfence is away', async () => {
    await expect(connect('nonsense')).rejects.toThrow(/401|unauthori[sz]ed/i);
    const { secret } = await createKey(org.member, org, { scope: 'read' });
    const client = await connect(secret);
    proxy.cut();
    await expect(call(client, 'monitor')).rejects.toThrow(/503|verified/);
    await proxy.heal();
    expect(await call(client, 'monitor')).toContain('isWithinLimits');
    await client.close();
    expect(example.output.join('\n')).not.toContain(secret);
  });
});
