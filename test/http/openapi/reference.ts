import { join } from 'node:path';
import { projectRoot } from '../../support/project.js';

/** Where the reference of the API is, as pages. */
export const referenceFolder = join(projectRoot, 'docs', 'reference');

/** The parts of a JSON schema that the document uses. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
}

interface Content {
  schema?: Schema;
  example?: unknown;
}

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: object[];
  parameters?: (Schema & { name: string; in: string; required?: boolean; schema: Schema })[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
}

interface Document {
  tags: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const objectsPage = 'objects.md';
const fileOf = (tag: string) => `${tag.toLowerCase().replaceAll(' ', '-')}.md`;
const nameOf = ($ref: string) => $ref.slice($ref.lastIndexOf('/') + 1);
/** In a cell of a table. */
const cell = (text = '') => text.replaceAll('|', '\\|').replaceAll(/\s*\n+\s*/g, ' ');
const code = (value: unknown) => `\`${String(value)}\``;

/** What a value may be, in words. */
function typeOf(schema: Schema): string {
  const { $ref, type, format, items, minimum, maximum, maxLength, maxItems } = schema;
  if ($ref !== undefined) {
    return `[${nameOf($ref)}](${objectsPage}#${nameOf($ref).toLowerCase()})`;
  }
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(', ');
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].join(' or ');
  if (type === 'array') {
    const most = maxItems === undefined ? '' : `at most ${maxItems} `;
    return `list of ${most}${typeOf(items ?? {})}`;
  }
  if (schema.properties !== undefined) {
    return `object with ${Object.keys(schema.properties).map(code).join(', ')}`;
  }
  if (format !== undefined) return format;
  if (type === 'integer' && minimum !== undefined && (maximum ?? Infinity) < 1e9) {
    return `integer, ${minimum} to ${String(maximum)}`;
  }
  if (type === 'string' && maxLength !== undefined) return `string, at most ${maxLength}`;
  return [type ?? 'any'].flat().join(' or ');
}

/** A table of the fields of an object; nothing for what has none. */
function fieldTable({ properties = {}, required = [] }: Schema): string[] {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? '' : ' (optional)';
    return `| ${code(name)}${mark} | ${cell(typeOf(schema))} | ${cell(schema.description)} |`;
  });
  return rows.length === 0 ? [] : ['| field | type | |', '| --- | --- | --- |', ...rows, ''];
}

const exampleOf = ({ example }: Content): string[] =>
  example === undefined ? [] : ['```json', JSON.stringify(example, null, 2), '```', ''];

function parametersOf({ parameters = [] }: Operation): string[] {
  if (parameters.length === 0) return [];
  const rows = parameters.map(({ name, in: place, required = false, schema, description }) => {
    const mark = required ? '' : ' (optional)';
    return `| ${code(name)}, ${place}${mark} | ${cell(typeOf(schema))} | ${cell(description)} |`;
  });
  return ['| parameter | type | |', '| --- | --- | --- |', ...rows, ''];
}

function contentOf(content: Record<string, Content> = {}): string[] {
  return Object.entries(content).flatMap(([type, each]) => {
    const { schema = {} } = each;
    const fields = fieldTable(schema);
    const what = fields.length === 0 ? `: ${typeOf(schema)}` : '';
    return [`${code(type)}${what}`, '', ...fields, ...exampleOf(each)];
  });
}

/** The codes of a problem, by its status. */
function problemsOf({ responses }: Operation): string[] {
  const rows = Object.entries(responses).flatMap(([status, { content }]) => {
    const parts = content?.['application/problem+json']?.schema?.allOf ?? [];
    const codes = parts.flatMap(({ properties }) => {
      const { enum: several, const: one } = properties?.code ?? {};
      return several ?? (one === undefined ? [] : [one]);
    });
    return codes.length === 0 ? [] : [`- ${status}: ${codes.map(code).join(', ')}`];
  });
  return rows.length === 0 ? [] : ['**Problems**', '', ...rows, ''];
}

function operationOf(method: string, path: string, operation: Operation): string[] {
  const { summary, description, requestBody, responses } = operation;
  const successes = Object.entries(responses).filter(([status]) => status < '400');
  return [
    `## ${summary}`,
    '',
    code(`${method.toUpperCase()} ${path}`),
    '',
    ...(description === undefined ? [] : [description, '']),
    ...parametersOf(operation),
    ...(requestBody === undefined ? [] : ['**Body**', '', ...contentOf(requestBody.content)]),
    ...successes.flatMap(([status, response]) => [
      `**${status}** ${response.description}`,
      '',
      ...contentOf(response.content),
    ]),
    ...problemsOf(operation),
  ];
}

const introduction =
  'Made from `/openapi.json` by `npm run api:reference`. What holds for all routes is in [the API](../api.md).';

const page = (title: string, text: string, body: readonly string[]) =>
  [`# ${title}`, '', text, '', introduction, '', ...body].join('\n').trimEnd() + '\n';

/** The pages of the reference, by file: one for each tag, one for the objects, and a list of all. */
export function referencePages(document: Document): Map<string, string> {
  const pages = new Map<string, string>();
  const list: string[] = [];
  for (const { name, description } of document.tags) {
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, { tags }]) => tags[0] === name)
        .map(([method, operation]) => ({ method, path, operation })),
    );
    const body = operations.flatMap((each) => operationOf(each.method, each.path, each.operation));
    pages.set(fileOf(name), page(name, description, body));
    const routes = operations.map(
      ({ method, path, operation }) =>
        `- ${code(`${method.toUpperCase()} ${path}`)}: ${operation.summary.toLowerCase()}`,
    );
    list.push(`## [${name}](${fileOf(name)})`, '', description, '', ...routes, '');
  }
  const objects = Object.entries(document.components.schemas).flatMap(([name, schema]) => [
    `## ${name}`,
    '',
    ...(schema.description === undefined ? [] : [schema.description, '']),
    ...fieldTable(schema),
  ]);
  pages.set(objectsPage, page('Objects', 'What requests and responses are made of.', objects));
  return pages.set('README.md', page('API reference', 'All routes.', list));
}
