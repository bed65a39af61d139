import { Describes, Flag, ListOf, Nested, NotEmpty, Nullable, Whole } from '../common/fields.js';
import { committed, partialOf } from '../common/views.js';
import { AppearanceView, DataPermission } from './appearance.dto.js';
import type { Installation } from './installation.entity.js';

/** Data permissions that are described. */
const mostDataPermissions = 100;

/** Settings of the whole installation. */
@Describes({
  id: 'Installation',
  example: {
    knowsDataOnlyKeys: true,
    serviceKeyMaxLifetimeDays: 730,
    serviceKeysMayNotExpire: false,
    productName: null,
    logo: null,
    scopeTexts: null,
    dataPermissions: [{ permission: 'telemetry:read', description: 'See what devices report.' }],
  },
})
export class InstallationView extends AppearanceView {
  @Flag(
    'Whether every node knows data-only keys. False after an upgrade from a release without them: until ' +
      'operators set it, a data-only key also gets a list of what it holds, so that older nodes allow no more.',
  )
  knowsDataOnlyKeys!: boolean;

  @Nullable()
  @Whole(
    1,
    3_650,
    'The longest lifetime, in days of 24 hours, of a service key: a key of the operator organisation ' +
      'with `verify:read` and nothing else. Null: as the policy of that organisation says.',
  )
  serviceKeyMaxLifetimeDays!: number | null;

  @Flag('Whether service keys without an expiry may be created, whatever that policy says.')
  serviceKeysMayNotExpire!: boolean;

  @ListOf(
    Nested(DataPermission),
    { max: mostDataPermissions },
    'The permissions on the data of the product, each described once, for the forms of the console. Keys ' +
      'and organisations can have others.',
  )
  dataPermissions!: DataPermission[];
}
export const InstallationCommitted = committed(InstallationView);

/** Fields that are left out stay as they are. */
@NotEmpty()
@Describes({ id: 'ChangeInstallation', example: { knowsDataOnlyKeys: true } })
export class ChangeInstallation extends partialOf(InstallationView) {}

export function appearanceView(installation: Installation): AppearanceView {
  const { productName, logo, scopeTexts } = installation;
  return { productName, logo, scopeTexts };
}

export function installationView(installation: Installation): InstallationView {
  const { knowsDataOnlyKeys, serviceKeyMaxLifetimeDays, serviceKeysMayNotExpire } = installation;
  const { dataPermissions } = installation;
  return {
    ...appearanceView(installation),
    ...{ knowsDataOnlyKeys, serviceKeyMaxLifetimeDays, serviceKeysMayNotExpire, dataPermissions },
  };
}
