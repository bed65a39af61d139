import { Describes, ListOf, Matching, Name, Nested, Nullable, Text } from '../common/fields.js';
import { HasGrant } from '../permissions/permission-fields.js';
import type { Permission } from '../permissions/permission.js';

/** Characters of an image in base64 (RFC 4648): 30 kB of it. */
const logoLength = 40_000;
const logoPattern = new RegExp(
  `^data:image/(?:png|webp|svg\\+xml);base64,[0-9A-Za-z+/]{4,${logoLength}}={0,2}$`,
);

export class ScopeText {
  @Name(30)
  name!: string;

  @Text(200, 'One or two sentences.')
  meaning!: string;
}

/** What people read where a scope is chosen or shown. */
@Describes({
  id: 'ScopeTexts',
  example: {
    read: { name: 'Read', meaning: 'See what your devices report.' },
    'read-write': { name: 'Operate', meaning: 'Everything in Read, plus recording data.' },
    admin: { name: 'Admin', meaning: 'Full access, including changes of configuration.' },
  },
})
export class ScopeTexts {
  @Nested(ScopeText)
  read!: ScopeText;

  @Nested(ScopeText)
  'read-write'!: ScopeText;

  @Nested(ScopeText)
  admin!: ScopeText;
}

/** A permission on the data of the product, and what it means. */
@Describes({
  id: 'DataPermission',
  example: { permission: 'telemetry:read', description: 'See what devices report.' },
})
export class DataPermission {
  @HasGrant()
  permission!: Permission;

  @Text(200, 'A sentence for the people who grant it.')
  description!: string;
}

/** How the console presents itself, also to those who are not signed in. */
@Describes({ id: 'Appearance', example: { productName: 'Acme', logo: null, scopeTexts: null } })
export class AppearanceView {
  @Nullable()
  @Name(50, 'What the console is called. Null: Keyfence.')
  productName!: string | null;

  @Nullable()
  @Matching(
    logoPattern,
    'must be a PNG, WebP or SVG image of at most 30 kB, as a data URL in base64',
    'A square image of at most 30 kB: PNG, WebP or SVG as a data URL (RFC 2397) in base64. Null: that of ' +
      'Keyfence.',
  )
  logo!: string | null;

  @Nullable()
  @Nested(ScopeTexts, 'Names and meanings of the scopes. Null: the usual ones.')
  scopeTexts!: ScopeTexts | null;
}

/** The data permissions that operators have described. */
@Describes({
  id: 'DataPermissions',
  example: { items: [{ permission: 'telemetry:read', description: 'See what devices report.' }] },
})
export class DataPermissionsView {
  @ListOf(Nested(DataPermission))
  items!: DataPermission[];
}
