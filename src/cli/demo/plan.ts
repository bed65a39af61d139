/** What is in the demo. */

export const operator = { name: 'Sam Rivera', email: 'sam@keyfence.example' };

interface Person {
  name: string;
  email: string;
  role: 'manager' | 'member';
}

interface PlannedKey {
  name: string;
  scope: 'read' | 'read-write' | 'admin';
  /** The e-mail address of a person, or the name of a service account. */
  owner: string;
  lifetimeDays: number;
  ageDays: number;
  /** How often it is used on a usual day, and how long ago it was used last; neither for an unused key. */
  usesPerDay?: number;
  lastUsedHours?: number;
  /** Why it was revoked, if it was. */
  revoked?: string;
}

interface PlannedOrg {
  name: string;
  slug: string;
  grants: string[];
  people: [Person, ...Person[]];
  serviceAccounts: string[];
  keys: PlannedKey[];
}

const telemetry = ['telemetry:read', 'telemetry:write'];

const tidewater: PlannedOrg = {
  name: 'Tidewater Energy',
  slug: 'tidewater',
  grants: [...telemetry, 'scenarios:read', 'scenarios:write'],
  people: [
    { name: 'Ada Okafor', email: 'ada@tidewater.example', role: 'manager' },
    { name: 'Jonas Weber', email: 'jonas@tidewater.example', role: 'manager' },
    { name: 'Mei Tanaka', email: 'mei@tidewater.example', role: 'member' },
    { name: 'Luis Ortega', email: 'luis@tidewater.example', role: 'member' },
  ],
  serviceAccounts: ['Forecast pipeline'],
  keys: [
    {
      ...{ name: 'Claude Desktop', scope: 'read', owner: 'ada@tidewater.example' },
      ...{ lifetimeDays: 90, ageDays: 31, usesPerDay: 60, lastUsedHours: 0.1 },
    },
    {
      ...{ name: 'Scenario runner, production', scope: 'read-write', owner: 'Forecast pipeline' },
      ...{ lifetimeDays: 365, ageDays: 140, usesPerDay: 900, lastUsedHours: 0.02 },
    },
    {
      ...{ name: 'Grafana', scope: 'read', owner: 'Forecast pipeline' },
      ...{ lifetimeDays: 365, ageDays: 351, usesPerDay: 240, lastUsedHours: 0.3 },
    },
    {
      ...{ name: 'Nightly export', scope: 'read', owner: 'mei@tidewater.example' },
      ...{ lifetimeDays: 30, ageDays: 25, usesPerDay: 4, lastUsedHours: 9 },
    },
    {
      ...{ name: 'Notebook of the forecast team', scope: 'read-write' },
      ...{ owner: 'luis@tidewater.example', lifetimeDays: 90, ageDays: 45 },
      ...{ usesPerDay: 25, lastUsedHours: 50 },
    },
    {
      ...{ name: 'Commissioning, site 7', scope: 'admin', owner: 'jonas@tidewater.example' },
      ...{ lifetimeDays: 7, ageDays: 9, usesPerDay: 12, lastUsedHours: 60 },
    },
    {
      ...{ name: 'Spare key for the dashboard', scope: 'read', owner: 'ada@tidewater.example' },
      ...{ lifetimeDays: 180, ageDays: 20 },
    },
    {
      ...{ name: 'Laptop of Luis', scope: 'read', owner: 'luis@tidewater.example' },
      ...{ lifetimeDays: 180, ageDays: 60, usesPerDay: 8, lastUsedHours: 70 },
      revoked: 'left on a train',
    },
  ],
};

const blueHarbour: PlannedOrg = {
  name: 'Blue Harbour Labs',
  slug: 'blue-harbour',
  grants: telemetry,
  people: [{ name: 'Ines Duarte', email: 'ines@blueharbour.example', role: 'manager' }],
  serviceAccounts: [],
  keys: [
    {
      ...{ name: 'Buoy gateway', scope: 'read-write', owner: 'ines@blueharbour.example' },
      ...{ lifetimeDays: 180, ageDays: 33, usesPerDay: 320, lastUsedHours: 0.05 },
    },
  ],
};

export const organisations: [PlannedOrg, ...PlannedOrg[]] = [tidewater, blueHarbour];

/** The person that the demo is shown as. */
export const [manager] = tidewater.people;

export type { PlannedKey, PlannedOrg };
