/** A ready-made way to use a key, for the service at this address. */
export type SnippetOf = (secret: string, url: string) => string;

export const snippets: Record<string, SnippetOf> = {
  curl: (secret, url) => `curl ${url}/v1/whoami -H 'Authorization: Bearer ${secret}'`,
  'Environment variable': (secret) => `export KEYFENCE_API_KEY='${secret}'`,
  'MCP client': (secret) =>
    JSON.stringify(
      {
        mcpServers: {
          example: {
            url: 'https://mcp.example.com/mcp',
            headers: { Authorization: `Bearer ${secret}` },
          },
        },
      },
      null,
      2,
    ),
};
