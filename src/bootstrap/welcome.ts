/** What a newcomer reads after the first start. */
export function welcome(url: string, keyFile: string, secret: string | undefined): string {
  const shown =
    secret === undefined ? '' : `\nYour operator key, shown this once:\n\n  ${secret}\n`;
  return `
Keyfence is ready at ${url}
${shown}
The operator key is in ${keyFile} until it is first used. Next:

  export KEYFENCE_KEY=$(cat ${keyFile})
  curl -s ${url}/v1/whoami -H "Authorization: Bearer $KEYFENCE_KEY"
  curl -s ${url}/v1/orgs -H "Authorization: Bearer $KEYFENCE_KEY" -H 'Content-Type: application/json' -d '{"name":"Acme","slug":"acme","grants":["telemetry:read","telemetry:write"]}'

Or in a browser, with the link that this prints:

  npm run login-link -- you@example.com --operator
`;
}
