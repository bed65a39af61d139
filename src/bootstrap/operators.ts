import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.js';
import { lockOrg, takeLocks } from '../changes/row-locks.js';
import { newId, newUserId, type OrgId } from '../common/ids.js';
import { Transactions, type Tx } from '../database/transactions.js';
import { HashKeyStore } from '../keys/hash-key.store.js';
import { KeyIssuer } from '../keys/key-issuer.js';
import { SecretHasher } from '../keys/secret-hasher.js';
import { MemberStore } from '../members/member.store.js';
import { OrgStore } from '../orgs/org.store.js';
import { UserStore } from '../users/user.store.js';

const lifetime = 90 * 24 * 3_600_000;
/** The membership of an operator in their organisation. */
const member = { role: 'manager', grants: null } as const;

/** Creates the operator organisation, and keys for it while it has no member to ask. */
@Injectable()
export class Operators {
  constructor(
    private readonly transactions: Transactions,
    private readonly orgs: OrgStore,
    private readonly users: UserStore,
    private readonly members: MemberStore,
    private readonly issuer: KeyIssuer,
    private readonly hashKeys: HashKeyStore,
    private readonly hasher: SecretHasher,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Prepares the rows that the service cannot work without.
   *
   * @param storeKey receives the operator key of a first start, before it becomes valid
   * @throws when live keys were hashed with a secret that KEYFENCE_SECRET does not list
   */
  async prepare(storeKey: (secret: string) => Promise<void>): Promise<void> {
    await this.transactions.run(async (tx) => {
      if (await this.hashKeys.isAnyMissing(tx, this.hasher.fingerprints)) {
        throw new Error(
          'KEYFENCE_SECRET does not list a secret that live keys of this database were made with. ' +
            'Add the earlier secret to the list, behind the one for new keys.',
        );
      }
      await this.hashKeys.insert(tx, this.hasher.fingerprint);
      if ((await this.orgs.findOperator(tx)) !== null) return {};
      const orgId = newId('org');
      const org = { name: 'Operators', slug: 'operators', grants: [] };
      await this.orgs.insert(tx, { ...org, id: orgId, kind: 'operator' });
      await this.audit.append(tx, null, [
        { orgId, action: 'org.created', targetId: orgId, after: org },
      ]);
      await storeKey(await this.addOperator(tx, orgId));
      return {};
    });
  }

  /** Creates another operator with a key, for people who have lost all of theirs. */
  async recover(storeKey: (secret: string) => Promise<void>): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { id: orgId } = await this.orgs.getOperator(tx);
      await storeKey(await this.addOperator(tx, orgId));
      return {};
    });
  }

  /** Makes the person with this address an operator, unless they belong to the operators already. */
  async admit(email: string): Promise<void> {
    await this.transactions.run(async (tx) => {
      const { id: orgId } = await this.orgs.getOperator(tx);
      await takeLocks(tx, [lockOrg(orgId, 'alter')]);
      const person = { id: newUserId(), kind: 'person', email, name: email } as const;
      const { id: userId } = await this.users.findOrInsert(tx, person);
      if (userId === person.id) {
        await this.audit.append(tx, null, [
          { orgId, action: 'user.created', targetId: userId, after: { email, name: email } },
        ]);
      }
      if ((await this.members.find(orgId, userId, tx)) !== null) return {};
      await this.members.insert(tx, { orgId, userId, ...member, displayName: email });
      await this.audit.append(tx, null, [
        { orgId, action: 'member.added', targetId: userId, after: { email, ...member } },
      ]);
      return {};
    });
  }

  private async addOperator(tx: Tx, orgId: OrgId): Promise<string> {
    const userId = newUserId();
    await this.users.insert(tx, { id: userId, kind: 'service', email: null, name: 'operator' });
    await this.members.insert(tx, { orgId, userId, ...member, displayName: null });
    const key = {
      name: 'operator key',
      scope: 'admin',
      permissions: null,
      management: true,
      allowedIps: null,
      expiresAt: new Date(Date.now() + lifetime),
    } as const;
    const { keyId, secret } = await this.issuer.issue(tx, {
      ...key,
      description: null,
      tags: [],
      orgId,
      ownerId: userId,
      createdByUserId: null,
      createdByKeyId: null,
    });
    await this.audit.append(tx, null, [
      { orgId, action: 'member.added', targetId: userId, after: { kind: 'service', ...member } },
      { orgId, action: 'key.created', targetId: keyId, after: { ...key, ownerId: userId } },
    ]);
    return secret;
  }
}
