import { Param, type PipeTransform } from '@nestjs/common';
import { Problem } from '../common/errors.js';
import { isId, type Id } from '../common/ids.js';

/**
 * The response to a malformed identifier is the one to a missing object: it does not show what exists.
 */
class IdPipe<Prefix extends string> implements PipeTransform<string, Id<Prefix>> {
  constructor(private readonly prefix: Prefix) {}

  transform(value: string): Id<Prefix> {
    if (isId(this.prefix, value)) return value;
    throw new Problem('not_found');
  }
}

export const OrgIdParam = () => Param('orgId', new IdPipe('org'));
export const UserIdParam = () => Param('userId', new IdPipe('usr'));
export const KeyIdParam = () => Param('keyId', new IdPipe('key'));
export const DeliveryIdParam = () => Param('deliveryId', new IdPipe('dlv'));
export const WebhookIdParam = () => Param('webhookId', new IdPipe('whk'));
export const SessionIdParam = () => Param('sessionId', new IdPipe('ses'));
export const IdentityIdParam = () => Param('identityId', new IdPipe('idn'));
