import { z } from 'zod';

export const ProviderView = z
  .strictObject({ url: z.url().describe('Where people sign in.') })
  .meta({
    id: 'ProviderSignIn',
    examples: [{ url: 'https://id.example.com/authorize?response_type=code' }],
  });
export type ProviderView = z.infer<typeof ProviderView>;

/** What the browser keeps while somebody is at the provider. The verifier (RFC 7636) lets nobody else finish. */
export const Attempt = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
});
export type Attempt = z.infer<typeof Attempt>;

/** What the provider sends somebody back with (RFC 6749, section 4.1.2, and RFC 9207). */
export const FinishSignIn = z
  .strictObject({
    code: z.string().max(4_000),
    state: z.string().max(200),
    iss: z.string().max(2_000).optional(),
  })
  .meta({
    id: 'FinishProviderSignIn',
    examples: [{ code: 'SplxlOBeZQQYbYS6', state: 'af0ifjsldkj' }],
  });
export type FinishSignIn = z.infer<typeof FinishSignIn>;
