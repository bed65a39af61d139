import { compare, startScript } from '../support/compare.js';

const variant = (name: string) => () => startScript(new URL('./server.js', import.meta.url), name);

/** What each guard costs, beside a guard that does nothing. */
await compare({
  variants: {
    NoGuard: variant('NoGuard'),
    NoOp: variant('NoOp'),
    NoOpAsync: variant('NoOpAsync'),
    Keyfence: variant('Keyfence'),
    NestPassport: variant('NestPassport'),
  },
  baseline: 'NoOp',
  requests: [{ path: '/hello', headers: { authorization: `Bearer kf_${'x'.repeat(42)}` } }],
});
