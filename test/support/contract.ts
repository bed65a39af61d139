import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from '../../src/openapi/document.js';

/** A request, and the response to it. */
export interface Exchange {
  method: string;
  /** As it was sent, with its query. */
  path: string;
  status: number;
  headers: Headers;
  /** The body of the response. */
  body: string;
}

interface Header {
  required: boolean;
}

interface Response {
  headers?: Record<string, { $ref?: string; required?: boolean }>;
  content?: Record<string, { schema: { contentSchema?: object } }>;
}

interface Operation {
  responses: Record<string, Response | undefined>;
}

interface Template {
  path: string;
  pattern: RegExp;
  operations: Record<string, Operation | undefined>;
}

function templateOf(path: string, operations: object): Template {
  const literal = path.replaceAll('.', '\\.');
  // The one parameter that takes slashes may be empty, too.
  const pattern = literal.replace('{path}', '.*').replaceAll(/\{\w+\}/g, '[^/]+');
  return { path, pattern: new RegExp(`^${pattern}$`), operations: operations as never };
}

/** A reference into the document, in the form of a URI. */
const reference = (...parts: string[]) =>
  `document#${parts
    .map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))
    .map((part) => `/${encodeURIComponent(part)}`)
    .join('')}`;

class Undocumented extends Error {
  constructor({ method, path, status, body }: Exchange, why: string) {
    super(`${method} ${path.slice(0, 200)} -> ${status}: ${why}\n${body.slice(0, 2_000)}`);
  }
}

/** What one document promises. */
class Contract {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly templates: Template[];
  private readonly headers: Record<string, Header>;

  constructor(document: OpenApiDocument) {
    addFormats.default(this.ajv);
    this.ajv.addSchema(document, 'document');
    this.headers = document.components.headers as Record<string, Header>;
    this.templates = Object.entries(document.paths)
      .map(([path, operations]) => templateOf(path, operations))
      // What is in a path literally goes before what a parameter can be.
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  }

  assert(exchange: Exchange): void {
    const { status } = exchange;
    const found = this.find(exchange);
    if (found === undefined) {
      this.assertProblem(exchange);
      return;
    }
    const [at, { responses }] = found;
    const response = responses[status];
    if (response === undefined) throw new Undocumented(exchange, 'the status is not documented');
    this.assertHeaders(exchange, response, [...at, 'responses', String(status)]);
    this.assertBody(exchange, response, [...at, 'responses', String(status)]);
  }

  /** A response outside all operations is a problem all the same. */
  assertProblem(exchange: Exchange): void {
    const { status, body, headers, method } = exchange;
    if (status < 400) throw new Undocumented(exchange, 'the operation is not documented');
    this.assertType(exchange, 'application/problem+json');
    if (method === 'HEAD') return;
    const problem = JSON.parse(body) as { code: string; status: number };
    this.assertValue(exchange, problem, reference('components', 'schemas', 'Problem'));
    if (problem.status !== status) throw new Undocumented(exchange, 'the status is another one');
    const needed = { 401: 'www-authenticate', 429: 'retry-after', 503: 'retry-after' }[status];
    if (needed !== undefined && !headers.has(needed)) {
      throw new Undocumented(exchange, `${needed} is missing`);
    }
  }

  private find({ method, path }: Exchange): [at: string[], Operation] | undefined {
    const [pathname = ''] = path.split('?');
    const verb = method.toLowerCase();
    const template = this.templates.find(({ pattern }) => pattern.test(pathname));
    if (template === undefined) return undefined;
    const { operations } = template;
    // HEAD goes where GET does; and what responds to TRACE responds to everything.
    const isLikeGet = verb === 'head' || operations.trace !== undefined;
    const name = operations[verb] === undefined && isLikeGet ? 'get' : verb;
    const operation = operations[name];
    return operation && [['paths', template.path, name], operation];
  }

  private assertHeaders(exchange: Exchange, { headers = {} }: Response, at: string[]): void {
    const documented = new Map(Object.keys(headers).map((name) => [name.toLowerCase(), name]));
    for (const [name, { $ref, required }] of Object.entries(headers)) {
      const value = exchange.headers.get(name);
      const where = $ref === undefined ? [...at, 'headers', name] : ['components', 'headers', name];
      if (value !== null) this.assertValue(exchange, value, reference(...where, 'schema'));
      else if (required ?? this.headers[name]?.required) {
        throw new Undocumented(exchange, `${name} is missing`);
      }
    }
    const ours = Object.keys(this.headers).map((name) => name.toLowerCase());
    for (const name of exchange.headers.keys()) {
      if (!documented.has(name) && (ours.includes(name) || name.startsWith('x-keyfence'))) {
        throw new Undocumented(exchange, `${name} is not documented`);
      }
    }
  }

  private assertBody(exchange: Exchange, { content }: Response, at: string[]): void {
    const { body, method } = exchange;
    if (content === undefined || method === 'HEAD') {
      if (body !== '') throw new Undocumented(exchange, 'there is a body');
      return;
    }
    const [[type, { schema }] = ['', { schema: {} }]] = Object.entries(content);
    this.assertType(exchange, type);
    const isJson = type.endsWith('json') && !type.endsWith('ndjson');
    const where = [...at, 'content', type, 'schema'];
    this.assertValue(exchange, isJson ? JSON.parse(body) : body, reference(...where));
    if (schema.contentSchema === undefined) return;
    for (const line of body.split('\n').filter((each) => each !== '')) {
      this.assertValue(exchange, JSON.parse(line), reference(...where, 'contentSchema'));
    }
  }

  private assertType(exchange: Exchange, expected: string): void {
    const [type] = (exchange.headers.get('content-type') ?? '').split(';');
    if (expected === '*/*' || type === expected) return;
    throw new Undocumented(exchange, `${type} instead of ${expected}`);
  }

  private assertValue(exchange: Exchange, value: unknown, $ref: string): void {
    let validate = this.compiled.get($ref);
    if (validate === undefined) {
      validate = this.ajv.compile({ $ref });
      this.compiled.set($ref, validate);
    }
    if (validate(value)) return;
    throw new Undocumented(exchange, `${$ref}: ${this.ajv.errorsText(validate.errors)}`);
  }
}

/** Services of one process have documents that say the same, and compiling them takes a while. */
const contracts = new Map<string, Contract>();
const texts = new WeakMap<OpenApiDocument, string>();

function contractOf(document: OpenApiDocument): Contract {
  const text = texts.get(document) ?? JSON.stringify(document);
  texts.set(document, text);
  const contract = contracts.get(text) ?? new Contract(document);
  contracts.set(text, contract);
  return contract;
}

/**
 * Fails when an OpenAPI document does not promise this response: its status, headers, content type
 * and body, and the code of a problem among those that the operation names for that status. What
 * belongs to no operation has to be a problem.
 */
export function assertDocumented(document: OpenApiDocument, exchange: Exchange): void {
  contractOf(document).assert(exchange);
}

/** Fails when this is not one of the problems that the document lists, whatever was asked. */
export function assertDocumentedProblem(document: OpenApiDocument, exchange: Exchange): void {
  contractOf(document).assertProblem(exchange);
}

const documents = new Map<string, Promise<OpenApiDocument>>();

/** Sets which document the service at this URL has, so that nobody has to ask it. */
export function publishDocument(url: string, document: OpenApiDocument): void {
  documents.set(url, Promise.resolve(document));
}

async function fetchDocument(url: string): Promise<OpenApiDocument> {
  const response = await fetch(`${url}/openapi.json`);
  return (await response.json()) as OpenApiDocument;
}

/** The document of the service at this URL. */
export function documentOf(url: string): Promise<OpenApiDocument> {
  const document = documents.get(url) ?? fetchDocument(url);
  documents.set(url, document);
  return document;
}
