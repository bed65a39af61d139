import { createServer } from 'node:http';
import { Keyfence } from '@keyfence/guard';
import { principalIn, protectMcp } from '@keyfence/guard/mcp';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { Plant } from './plant.js';
import { addTools } from './tools.js';

const { KEYFENCE_URL = 'http://127.0.0.1:3000', KEYFENCE_SERVICE_KEY, PORT = '4000' } = process.env;
const keyfence = new Keyfence({ url: KEYFENCE_URL, key: KEYFENCE_SERVICE_KEY });
const plant = new Plant();

// The SDK builds a server for each request, so its tools are always those of the key as it is then.
const mcp = createMcpHandler((context) => {
  const server = new McpServer({ name: 'plant', version: '1.0.0' });
  addTools(server, plant, principalIn(context));
  return server;
});

const server = createServer(protectMcp(keyfence, toNodeHandler(mcp)));
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
