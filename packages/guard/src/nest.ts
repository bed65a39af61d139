import {
  createParamDecorator,
  HttpException,
  Inject,
  Injectable,
  Module,
  SetMetadata,
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  type OnModuleDestroy,
} from '@nestjs/common';
import { APP_GUARD, HttpAdapterHost, Reflector } from '@nestjs/core';
import type { IncomingMessage } from 'node:http';
import { Refusal } from './errors.js';
import { admit, principalOf } from './guard.js';
import { Keyfence, type KeyfenceOptions } from './keyfence.js';

const requires = Symbol('permissions that a route needs');
const open = Symbol('a route that needs no key');

/** The route needs a key with all of these permissions. */
export const Requires = (...permissions: [string, ...string[]]) =>
  SetMetadata(requires, permissions);

/** The route needs no key. */
export const Public = () => SetMetadata(open, true);

/** The principal of the request. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context.switchToHttp().getRequest<IncomingMessage>()),
);

type Request = (IncomingMessage | { raw: IncomingMessage }) & { ip?: string };

/** Lets a request continue if it has a valid key with the permissions of the route. */
@Injectable()
export class KeyfenceGuard implements CanActivate {
  constructor(
    @Inject(Keyfence) private readonly keyfence: Keyfence,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.isOpen(context)) return true;
    if (context.getType() !== 'http') throw new TypeError('Keyfence guards HTTP routes only');
    const places = [context.getHandler(), context.getClass()];
    const permissions = this.reflector.getAllAndMerge<string[]>(requires, places);
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const raw = 'raw' in request ? request.raw : request;
    try {
      await admit(this.keyfence, raw, request.ip, permissions);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      for (const [name, value] of Object.entries(error.headers)) {
        this.host.httpAdapter.setHeader(http.getResponse(), name, value);
      }
      throw new HttpException(error.problem, error.status, { cause: error });
    }
  }

  /** A decorator of a method overrides one of its class. */
  private isOpen(context: ExecutionContext): boolean {
    const [method, controller] = [context.getHandler(), context.getClass()];
    if (this.reflector.get<true | undefined>(open, method) !== undefined) return true;
    if (this.reflector.get<string[] | undefined>(requires, method) !== undefined) return false;
    return this.reflector.get<true | undefined>(open, controller) !== undefined;
  }
}

/** Protects every route except those that are `@Public()`. */
@Module({})
export class KeyfenceModule implements OnModuleDestroy {
  constructor(@Inject(Keyfence) private readonly keyfence: Keyfence) {}

  static forRoot(options: KeyfenceOptions): DynamicModule {
    return {
      module: KeyfenceModule,
      global: true,
      providers: [
        { provide: Keyfence, useFactory: () => new Keyfence(options) },
        { provide: APP_GUARD, useClass: KeyfenceGuard },
      ],
      exports: [Keyfence],
    };
  }

  onModuleDestroy(): void {
    this.keyfence.close();
  }
}
