import { compare } from '../support/compare.js';

/** What each guard costs, beside a guard that does nothing. */
await compare({
  server: new URL('./server.js', import.meta.url),
  variants: ['NoGuard', 'NoOp', 'NoOpAsync', 'Keyfence', 'NestPassport'],
  baseline: 'NoOp',
  path: '/hello',
});
