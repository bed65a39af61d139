import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ACCESS, type Access } from '../../src/auth/access.decorator.js';
import { DENIES } from '../../src/auth/denies.decorator.js';
import { hotRoutes } from '../../src/verification/hot/hot-routes.js';
import { startService, type Service } from '../support/service.js';
import { shareService } from '../support/shared-service.js';

interface Handler {
  name: string;
  access: Access | undefined;
  /** Responds with 201: a POST that does not say otherwise. */
  isCreating: boolean;
  takesIdempotencyKey: boolean;
  denies: boolean;
}

/** Names of the functions that parameters of our own are made with. */
function parametersOf(type: object, method: string): (string | undefined)[] {
  const parameters = Reflect.getMetadata('__routeArguments__', type, method) as
    Record<string, { factory?: { name: string } }> | undefined;
  return Object.values(parameters ?? {}).map(({ factory }) => factory?.name);
}

/** Handlers of all controllers, and what they or their class declare. */
function handlersOf(service: Service): Handler[] {
  const scanner = new MetadataScanner();
  const controllers = [...service.app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return controllers.flatMap(({ metatype }) => {
    const type = metatype as { name: string; prototype: Record<string, object> };
    return scanner
      .getAllMethodNames(type.prototype)
      .map((method) => ({ method, handler: type.prototype[method] ?? {} }))
      .filter(({ handler }) => Reflect.hasMetadata('path', handler))
      .map(({ method, handler }) => ({
        name: `${type.name}.${method}`,
        access: Reflect.getMetadata(ACCESS, handler) as Access | undefined,
        isCreating:
          Reflect.getMetadata('method', handler) === RequestMethod.POST &&
          !Reflect.hasMetadata('__httpCode__', handler),
        takesIdempotencyKey: parametersOf(type, method).includes('creatingCaller'),
        denies: Reflect.hasMetadata(DENIES, handler),
      }));
  });
}

describe('access to routes', () => {
  let service: Service;
  let handlers: Handler[];

  beforeAll(async () => {
    service = await shareService();
    handlers = handlersOf(service);
  });
  afterAll(() => service.stop());

  it('every handler declares what it demands', () => {
    expect(handlers.length).toBeGreaterThan(20);
    expect(handlers.filter(({ access }) => access === undefined)).toEqual([]);
  });

  it('only what anybody may ask about the service, signing in, and the report of a leaked key is public', () => {
    const open = handlers.filter(({ access }) => access?.kind === 'public');
    expect(open.map(({ name }) => name).sort()).toEqual([
      'DocsController.file',
      'DocsController.page',
      'HealthController.live',
      'HealthController.ready',
      'IdentityController.begin',
      'IdentityController.finish',
      'InstallationController.appearance',
      'MetricsController.text',
      'OpenApiController.document',
      'RevokeController.revoke',
      'SessionController.options',
      'SessionController.requestLink',
      'SessionController.signIn',
    ]);
  });

  it('exactly the handlers that create something take an Idempotency-Key', () => {
    const names = (list: Handler[]) => list.map(({ name }) => name).sort();
    const creating = handlers.filter(({ isCreating }) => isCreating);
    expect(creating.length).toBeGreaterThanOrEqual(5);
    expect(names(handlers.filter((each) => each.takesIdempotencyKey))).toEqual(names(creating));
  });

  it('only what concerns the own key, or asks about keys, is open to every key', () => {
    expect(handlers.filter(({ access }) => access?.kind === 'any-key')).toEqual([]);
    expect(hotRoutes.map(({ access, path }) => `${access.kind} ${path}`).sort()).toEqual([
      'any-key v1/forward-auth/:permission',
      'any-key v1/forward-auth/:permission/*',
      'any-key v1/verify',
      'any-key v1/verify/batch',
      'any-key v1/whoami',
    ]);
  });

  it('a route that nobody declares ends the start', async () => {
    const withRoute = (app: NestFastifyApplication) => {
      app
        .getHttpAdapter()
        .getInstance()
        .get('/v1/back-door', () => 'open');
    };
    await expect(startService({ beforeRoutes: withRoute })).rejects.toThrow(
      'nobody declares the route GET /v1/back-door',
    );
  });

  it('what takes something away has connections of its own', () => {
    expect(
      handlers
        .filter(({ denies }) => denies)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      'KeyController.change',
      'KeyController.revoke',
      'MemberController.put',
      'MemberController.remove',
      'OrgController.setGrants',
      'OrgController.suspend',
      'RevokeKeysController.revoke',
      'RevokeMemberKeysController.revoke',
      'SessionController.endOne',
      'SessionController.signOut',
      'SessionController.signOutEverywhere',
      'UserController.change',
      'UserController.deactivate',
      'UserIdentityController.unbind',
      'UserIdentityController.unbindAll',
    ]);
  });

  it('only what concerns the session itself, and what its forms need, is for sessions alone', () => {
    const open = handlers.filter(({ access }) => access?.kind === 'session');
    expect(open.map(({ name }) => name).sort()).toEqual([
      'InstallationController.dataPermissions',
      'SessionController.endOne',
      'SessionController.get',
      'SessionController.list',
      'SessionController.signOut',
      'SessionController.signOutEverywhere',
    ]);
  });
});
