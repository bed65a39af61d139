import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** Connects to an MCP server as a desktop does that has this key. */
export async function connectTo(url: string, secret: string): Promise<Client> {
  const client = new Client({ name: 'a desktop', version: '1.0.0' });
  const headers = { authorization: `Bearer ${secret}` };
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  await client.connect(transport);
  return client;
}
