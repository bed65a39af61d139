import { after, before, describe, it } from 'node:test';
import type { Client } from '@modelcontextprotocol/client';
import { expect } from 'expect';
import { startExample, type Example } from '../support/example.js';
import { connectTo } from '../support/mcp.js';
import { createKey, createOrganisation, type Organisation } from '../support/organisation.js';
import { startService, type Service } from '../support/service.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const readTools = ['diagnose', 'monitor', 'query'];
const writeTools = ['record', 'save_scenario'];

describe('an MCP server that the package protects', () => {
  let service: Service;
  let org: Organisation;
  let proxy: TcpProxy;
  let example: Example;

  before(async () => {
    service = await startService();
    const grants = ['telemetry:read', 'telemetry:write', 'scenarios:write', 'plant:admin'];
    org = await createOrganisation(service, grants);
    proxy = await TcpProxy.start(service.url);
    example = await startExample('mcp-server', 'server.js', {
      KEYFENCE_URL: proxy.url(service.url),
      KEYFENCE_KEY: org.manager.key,
    });
  });
  after(async () => {
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

  it('takes tools out of an open session whose key was narrowed', async () => {
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

  it('refuses whoever has no key, and everybody while Keyfence is away', async () => {
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
