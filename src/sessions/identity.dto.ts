import {
  Characters,
  Count,
  Describes,
  IdOf,
  Instant,
  ListOf,
  Nested,
  OneOf,
  Optional,
  Url,
} from '../common/fields.js';
import type { IdentityId } from '../common/ids.js';
import { exampleOf } from '../common/json-schema.js';
import { PageQuery } from '../common/page.js';
import { committed, pageOf, sampleIds } from '../common/views.js';

@Describes({
  id: 'ProviderSignIn',
  example: { url: 'https://id.example.com/authorize?response_type=code' },
})
export class ProviderView {
  @Url('Where people sign in.')
  url!: string;
}

/**
 * What the browser stores while a person is at the provider. The verifier (RFC 7636) lets nobody else
 * finish.
 */
export class Attempt {
  @Characters()
  state!: string;

  @Characters()
  nonce!: string;

  @Characters()
  verifier!: string;
}

/** What the provider adds to the URL on the way back (RFC 6749, section 4.1.2, and RFC 9207). */
@Describes({
  id: 'FinishProviderSignIn',
  example: { code: 'SplxlOBeZQQYbYS6', state: 'af0ifjsldkj' },
})
export class FinishSignIn {
  @Characters(undefined, 4_000)
  code!: string;

  @Characters(undefined, 200)
  state!: string;

  @Optional()
  @Characters(undefined, 2_000)
  iss?: string;
}

export class ListIdentities extends PageQuery {}

/** An account at an identity provider (OpenID Connect Core 1.0, section 2). */
@Describes({
  id: 'Identity',
  example: {
    id: sampleIds.identity,
    issuer: 'https://id.example.com',
    subject: '248289761001',
    status: 'barred',
    createdAt: '2026-11-02T09:20:00.000Z',
  },
})
export class IdentityView {
  @IdOf('idn')
  id!: IdentityId;

  @Characters()
  issuer!: string;

  @Characters('The id of the account at the issuer.')
  subject!: string;

  @OneOf(
    ['bound', 'barred', 'allowed'],
    '`bound`: it signs the user in. `barred`: it was taken from the user, and is not bound to them again. ' +
      '`allowed`: it may be bound again, like a new one; lists do not show these.',
  )
  status!: 'bound' | 'barred' | 'allowed';

  @Instant('When it was bound.')
  createdAt!: Date;
}
export const IdentityPage = pageOf(IdentityView);
export const IdentityCommitted = committed(IdentityView);

@Describes({ example: { items: [exampleOf(IdentityView)], endedSessions: 1 } })
export class UnboundView {
  @ListOf(Nested(IdentityView), {}, 'The accounts, as they are now.')
  items!: IdentityView[];

  @Count('How many sessions of the user it has ended.')
  endedSessions!: number;
}
export const IdentitiesUnbound = committed(UnboundView);
