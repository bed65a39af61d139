import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { KeyModule } from '../keys/key.module.js';
import { MemberModule } from '../members/member.module.js';
import { OrgModule } from '../orgs/org.module.js';
import { UserModule } from '../users/user.module.js';
import { EndingKeys } from './ending-keys.js';
import { OperatorKeyFile } from './operator-key-file.js';
import { Operators } from './operators.js';
import { ReservedGrants } from './reserved-grants.js';
import { RestoreMark } from './restore-mark.js';

@Module({
  imports: [AuditModule, OrgModule, UserModule, MemberModule, KeyModule],
  providers: [EndingKeys, OperatorKeyFile, Operators, ReservedGrants, RestoreMark],
  exports: [EndingKeys, OperatorKeyFile, Operators, ReservedGrants, RestoreMark],
})
export class BootstrapModule {}
