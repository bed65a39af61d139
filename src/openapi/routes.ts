import { RequestMethod, type Type } from '@nestjs/common';
import {
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ACCESS, type Access } from '../auth/access.decorator.js';
import { creatingCaller } from '../changes/idempotency/creating-caller.decorator.js';
import type { Class } from '../common/field.js';
import { OPERATION, type Operation } from './describe.decorator.js';
import { quickBody, type QuickBodyOf } from './quick-body.decorator.js';

/** The methods that OpenAPI knows. */
const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
export type Method = (typeof methods)[number];

/** A route, from its decorators. */
export interface Route {
  methods: readonly Method[];
  /** As the router writes it, without the slash in front: `v1/orgs/:orgId`. */
  path: string;
  access: Access;
  operation: Operation;
  /** The status of a success. */
  status: number;
  body: Class<object> | undefined;
  isBodyOptional: boolean;
  query: Class<object> | undefined;
  /** Whether it takes an `Idempotency-Key`. */
  isCreating: boolean;
}

interface Parameter {
  index: number;
  factory?: unknown;
  data?: unknown;
}

function parametersOf(type: Type, name: string): [kind: string, Parameter][] {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, type, name) ?? {}) as Record<
    string,
    Parameter
  >;
  // The key begins with the kind of parameter: `3:1` is a body.
  return Object.entries(parameters).map(([key, each]) => [key.split(':')[0] ?? '', each]);
}

const join = (...parts: string[]) => parts.filter((part) => part !== '' && part !== '/').join('/');

function routesOfHandler(type: Type, name: string, handler: object): Route[] {
  const metadata = (key: symbol | string) => Reflect.getMetadata(key, handler) as unknown;
  const method = metadata(METHOD_METADATA) as RequestMethod;
  const access = metadata(ACCESS) as Access | undefined;
  const operation = metadata(OPERATION) as Operation | undefined;
  if (access === undefined || operation === undefined) {
    throw new Error(`${type.name}.${name} lacks the decorator of its access, or its description`);
  }
  const parameters = parametersOf(type, name);
  const types = Reflect.getMetadata(
    'design:paramtypes',
    type.prototype as object,
    name,
  ) as Class<object>[];
  const schemaOf = (wanted: RouteParamtypes) => {
    const parameter = parameters.find(([kind]) => kind === String(wanted))?.[1];
    return parameter && types[parameter.index];
  };
  const quick = parameters.find(([, { factory }]) => factory === quickBody)?.[1].data as
    QuickBodyOf | undefined;
  const isAll = method === RequestMethod.ALL;
  const prefix = Reflect.getMetadata(PATH_METADATA, type) as string;
  const code = metadata(HTTP_CODE_METADATA) as number | undefined;
  return [metadata(PATH_METADATA) as string | string[]].flat().map((path) => ({
    methods: isAll ? methods : [RequestMethod[method].toLowerCase() as Method],
    path: join(prefix, path),
    access,
    operation,
    status: code ?? (method === RequestMethod.POST ? 201 : 200),
    body: schemaOf(RouteParamtypes.BODY) ?? quick?.type,
    isBodyOptional: quick?.isOptional ?? false,
    query: schemaOf(RouteParamtypes.QUERY),
    isCreating: parameters.some(([, { factory }]) => factory === creatingCaller),
  }));
}

/**
 * The routes of these controllers.
 *
 * @throws Error for a handler that does not declare its access, or does not describe itself
 */
export function routesOf(controllers: readonly Type[]): Route[] {
  const scanner = new MetadataScanner();
  return controllers.flatMap((type) => {
    const prototype = type.prototype as Record<string, object>;
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (handler === undefined || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      return routesOfHandler(type, name, handler);
    });
  });
}
