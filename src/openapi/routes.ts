import { RequestMethod, type Type } from '@nestjs/common';
import {
  HTTP_CODE_METADATA,
  METHOD_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
} from '@nestjs/common/constants.js';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ACCESS, type Access } from '../auth/access.decorator.js';
import { creatingCaller } from '../changes/idempotency/creating-caller.decorator.js';
import type { Class } from '../common/field.js';
import { OPERATION, type Operation } from './describe.decorator.js';
import { optionalBody } from './optional-body.decorator.js';

/** The methods that OpenAPI knows: a route with these has all others as well. */
export const allMethods = [
  'get',
  'put',
  'post',
  'delete',
  'options',
  'head',
  'patch',
  'trace',
] as const;
export type Method = (typeof allMethods)[number];

/** A route: of a controller, from its decorators, or of the plugin that serves the hot ones. */
export interface Route {
  readonly methods: readonly Method[];
  /** As the router writes it, without the slash in front: `v1/orgs/:orgId`. */
  readonly path: string;
  readonly access: Access;
  readonly operation: Operation;
  /** The status of a success. */
  readonly status: number;
  readonly body?: Class<object> | undefined;
  readonly isBodyOptional?: boolean;
  readonly query?: Class<object> | undefined;
  /** Whether it takes an `Idempotency-Key`. */
  readonly isCreating?: boolean;
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
  const optional = parameters.find(([, { factory }]) => factory === optionalBody)?.[1].data as
    Class<object> | undefined;
  const prefix = Reflect.getMetadata(PATH_METADATA, type) as string;
  const code = metadata(HTTP_CODE_METADATA) as number | undefined;
  return [metadata(PATH_METADATA) as string | string[]].flat().map((path) => ({
    methods: [RequestMethod[method].toLowerCase() as Method],
    path: join(prefix, path),
    access,
    operation,
    status: code ?? (method === RequestMethod.POST ? 201 : 200),
    body: schemaOf(RouteParamtypes.BODY) ?? optional,
    isBodyOptional: optional !== undefined,
    query: schemaOf(RouteParamtypes.QUERY),
    isCreating: parameters.some(([, { factory }]) => factory === creatingCaller),
  }));
}

/**
 * The routes of all controllers.
 *
 * @throws Error for a handler that does not declare its access, or does not describe itself
 */
export function routesOf(modules: ModulesContainer): Route[] {
  const scanner = new MetadataScanner();
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => {
    const type = metatype as Type;
    const prototype = type.prototype as Record<string, object>;
    return scanner.getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name];
      if (handler === undefined || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      return routesOfHandler(type, name, handler);
    });
  });
}
