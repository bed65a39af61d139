import { join } from 'node:path';
import openapiTS, { astToString } from 'openapi-typescript';
import { projectRoot } from '../support/project.js';
import type { Service } from '../support/service.js';

/** The types of the API that the client and the console are compiled against. */
export const typesFile = join(projectRoot, 'packages', 'guard', 'src', 'schema.ts');

interface Operation {
  responses: Record<string, object>;
}

/** Leaves out what clients do not distinguish: every problem is one, and headers are not looked at. */
function simplify(paths: Record<string, Record<string, Operation>>): void {
  const problem = {
    'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
  };
  for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
    const successes = Object.entries(operation.responses).filter(([status]) => status < '300');
    const plain = successes.map(([status, response]) => [
      status,
      { ...response, headers: undefined },
    ]);
    operation.responses = {
      ...(Object.fromEntries(plain) as Operation['responses']),
      default: { description: 'A problem.', content: problem },
    };
  }
}

/** What that file has to say, as long as the API is that of this service. */
export async function describeTypes(service: Service): Promise<string> {
  const { body: document } = await service.nobody.get('/openapi.json');
  const withoutExamples = (key: string, value: unknown) =>
    key === 'example' || key === 'examples' ? undefined : value;
  const reduced = JSON.parse(JSON.stringify(document, withoutExamples));
  for (const path of Object.keys(reduced.paths as object)) {
    if (path.startsWith('/v1/forward-auth')) Reflect.deleteProperty(reduced.paths as object, path);
  }
  simplify(reduced.paths);
  delete reduced.webhooks;
  delete reduced.components.headers;
  const types = astToString(await openapiTS(reduced, { alphabetize: true }));
  return `// Made from /openapi.json by: npm run api:types\n\n${types}`;
}
