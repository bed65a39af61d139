import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { findKey } from '../../auth/credentials.js';
import { FailureThrottle } from '../../auth/throttling/failure-throttle.js';
import { Problem } from '../../common/errors.js';
import { readBody } from '../../common/invalid-request.js';
import { schemaOf } from '../../common/json-schema.js';
import { quickCheckOf } from '../../common/quick-check.js';
import { allMethods } from '../../openapi/routes.js';
import type { Principal } from '../../permissions/principal.js';
import { refusalOf } from '../verified-keys.js';
import { Verifier, type Findings } from '../verifier.js';
import type { HotResponse, HotRoute } from './hot-route.js';
import { hotRoutes } from './hot-routes.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The valid key of a hot route. */
    principal?: Principal;
    /** What the request asked for was valid: most of such requests are not logged. */
    isValid?: boolean;
  }
}

const methodsOf = ({ methods }: HotRoute, fastify: FastifyInstance): string[] =>
  methods === allMethods ? fastify.supportedMethods : methods.map((method) => method.toUpperCase());

function send({ text, headers }: HotResponse, status: number, reply: FastifyReply): void {
  void reply.code(status);
  if (headers !== undefined) void reply.headers(headers);
  if (text !== undefined) void reply.header('content-type', 'application/json; charset=utf-8');
  void reply.send(text);
}

/**
 * Serves the hot routes: a request comes from Fastify, waits for the fence, and is decided and responded
 * to in the tick in which the result of the query arrives.
 */
@Injectable()
export class HotPlugin implements OnApplicationBootstrap {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly verifier: Verifier,
    private readonly throttle: FailureThrottle,
  ) {}

  /** Nest has set its error handler by now. Routes get the one that is there when they are registered. */
  onApplicationBootstrap(): void {
    // None where the application runs without HTTP.
    const { httpAdapter } = this.host as Partial<HttpAdapterHost<FastifyAdapter>>;
    void httpAdapter?.getInstance<FastifyInstance>().register((fastify, _options, done) => {
      for (const route of hotRoutes) fastify.route(this.optionsOf(route, fastify));
      done();
    });
  }

  private optionsOf(route: HotRoute, fastify: FastifyInstance): RouteOptions {
    const { path, body } = route;
    return {
      method: methodsOf(route, fastify),
      url: `/${path}`,
      config: { hot: route },
      ...(route.bodyLimit !== undefined && { bodyLimit: route.bodyLimit }),
      handler: (request, reply) => {
        this.respond(route, request, reply);
      },
      ...(body && {
        schema: { body: schemaOf(body) },
        validatorCompiler: () => quickCheckOf(body),
        // Without a valid key a client does not learn what is wrong with the body.
        attachValidation: true,
      }),
    };
  }

  /**
   * Many clients can share an address: a key that was valid lately is judged whatever the others did,
   * unless it may not be used from there. All others have to wait before anything is looked up.
   */
  private respond(route: HotRoute, request: FastifyRequest, reply: FastifyReply): void {
    const { ip, raw, body, validationError } = request;
    const key = findKey(raw.rawHeaders);
    if (key === undefined) throw new Problem('unauthenticated');
    this.throttle.admit(ip, () => this.verifier.wasGood(key.secret, ip));
    const subjects = validationError === undefined ? route.subjectsOf?.(body) : undefined;
    this.verifier.find(key.secret, subjects ?? [], {
      done: (findings) => {
        try {
          this.decide(route, findings, request, reply);
        } catch (error) {
          void reply.send(error);
        }
      },
      failed: (error) => {
        void reply.send(error);
      },
    });
  }

  private decide(
    route: HotRoute,
    { own, others }: Findings,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { ip, headers, body, params, validationError } = request;
    const { verdict, authSeq, settled } = this.verifier.judge(own, ip, headers['user-agent']);
    if (!verdict.good || authSeq === undefined) {
      const problem = refusalOf(verdict);
      if (problem.code === 'unauthenticated') this.throttle.count(ip);
      void Promise.resolve(settled).then(() => reply.send(problem));
      return;
    }
    request.principal = verdict.principal;
    if (route.body !== undefined && validationError !== undefined) {
      readBody(route.body, body);
      // It found nothing wrong: the two checks are not the same any more.
      throw validationError;
    }
    const response = route.respond({
      caller: verdict.principal,
      authSeq,
      body,
      params: params as Record<string, string>,
      subjects: others,
      judge: this.judge,
    });
    request.isValid = response.isRefusal !== true;
    if (response.settled === undefined) {
      send(response, route.status, reply);
      return;
    }
    void response.settled.then(() => {
      send(response, route.status, reply);
    });
  }

  private readonly judge: Verifier['judge'] = (...given) => this.verifier.judge(...given);
}
