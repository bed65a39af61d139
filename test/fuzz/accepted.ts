import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from '../../src/openapi/document.js';
import type { Parameter, Request } from './requests.js';
import type { Schema } from './schema.js';

/** Why a request must not succeed, as far as a document says. */
export class Inputs {
  private readonly ajv = new Ajv2020({ strict: false });
  private readonly compiled = new Map<Schema, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    addFormats.default(this.ajv);
    this.ajv.addSchema(document, 'document');
  }

  /** @throws Error for a request that the document forbids */
  assertAllowed(request: Request): void {
    const { operation, template, path, headers } = request;
    const [pathname = '', query = ''] = path.split('?');
    const names: string[] = [];
    const pattern = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      names.push(name);
      return name === 'path' ? '(.*)' : '([^/]+)';
    });
    const segments = new RegExp(`^${pattern}$`).exec(pathname);
    // Something else was asked then.
    if (segments === null) return;
    const given: Record<Parameter['in'], (name: string) => string[]> = {
      path: (name) => [decodeURIComponent(segments[names.indexOf(name) + 1] ?? '')],
      query: (name) => new URLSearchParams(query).getAll(name),
      header: (name) => headers.filter(([one]) => one === name).map(([, value]) => value),
    };
    for (const { name, in: place, schema, allowEmptyValue } of operation.parameters ?? []) {
      const values = given[place](name);
      if (allowEmptyValue === true && values.join() === '') continue;
      this.assertParameter(name, schema, values);
    }
    this.assertBody(request);
  }

  private assertParameter(name: string, schema: Schema, values: string[]): void {
    const [value] = values;
    if (value === undefined) return;
    if (values.length > 1) throw new Error(`${name} was accepted twice`);
    const isNumber = schema.type === 'integer' && value !== '';
    this.assertValue(name, schema, isNumber ? Number(value) : value);
  }

  private assertBody({ operation, body = '' }: Request): void {
    const { requestBody } = operation;
    if (requestBody === undefined || (!requestBody.required && body.length === 0)) return;
    const { schema } = requestBody.content['application/json'];
    const text = body.toString().replace(/^\ufeff/, '');
    this.assertValue('the body', schema, JSON.parse(text));
  }

  private assertValue(name: string, schema: Schema, value: unknown): void {
    const { $ref } = schema;
    const validate =
      this.compiled.get(schema) ??
      this.ajv.compile($ref === undefined ? schema : { $ref: `document${$ref}` });
    this.compiled.set(schema, validate);
    if (validate(value)) return;
    throw new Error(`${name} was accepted, but ${this.ajv.errorsText(validate.errors)}`);
  }
}
