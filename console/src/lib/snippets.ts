/** Ready-made ways to use a key, for the service at this address. */
export function snippetsOf(secret: string, url: string): Record<string, string> {
  return {
    curl: `curl ${url}/v1/whoami -H 'Authorization: Bearer ${secret}'`,
    'Environment variable': `export KEYFENCE_API_KEY='${secret}'`,
    'MCP client': JSON.stringify(
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
}
