import { Injectable } from '@nestjs/common';
import { Problem } from '../../common/errors.js';
import { clientNetwork } from '../../common/ip.js';
import { Settings } from '../../config/settings.js';
import { partOf, type Lane } from '../../database/lanes.js';
import { CallSlots, type Leave } from './call-slots.js';

/** Calls of one credential that run or wait: fewer than may wait of its organisation. */
const perCredential = 50;
/**
 * The minimum time for which each call counts. Otherwise refusals, which take no time, would come as
 * fast as they can be sent, and leave the process no time for others.
 */
const leastMs = 100;
/** Calls of one organisation that wait for others of it. */
const mostWaiting = 100;
/** As long as a call waits for a connection. */
const timeoutMs = 5_000;
/** Seconds after which a refused client may retry. */
const retryAfter = 1;

/**
 * At most so many sessions that were not seen lately are looked up at a time, for all callers together.
 */
const lookUpsAtOnce = 4;
/** Such look-ups of one address, and of all addresses, that wait or run. */
const lookUpsPerAddress = 100;
const lookUpsInAll = 10_000;

/** The one party for bounds that apply to all together. */
const everybody = '';

function granted(leave: Leave | undefined): Leave {
  if (leave === undefined) throw new Problem('too_many_requests', undefined, { retryAfter });
  return leave;
}

/**
 * Bounds how many calls one party can have running, so that something is always left for the others.
 * All methods throw the problem `too_many_requests` when there is no room.
 */
@Injectable()
export class CallBounds {
  private readonly credentials = new CallSlots(perCredential, 0, 0, leastMs);
  private readonly strangers = new CallSlots(perCredential, 0, 0, leastMs);
  private readonly addresses = new CallSlots(lookUpsPerAddress, 0, 0);
  private readonly lookUps = new CallSlots(lookUpsAtOnce, lookUpsInAll, timeoutMs);
  private readonly organisations: Record<Lane, CallSlots>;

  constructor({ managementConnections, denyingConnections }: Settings) {
    this.organisations = {
      ordinary: new CallSlots(partOf(managementConnections), mostWaiting, timeoutMs),
      denying: new CallSlots(partOf(denyingConnections), mostWaiting, timeoutMs),
    };
  }

  /** @returns a function that releases the slot */
  async enterCredential(digest: string): Promise<Leave> {
    return granted(await this.credentials.enter(digest));
  }

  /**
   * For calls without a credential that was valid lately: calls of one address are counted together.
   *
   * @returns a function that releases the slot
   */
  async enterStranger(ip: string | undefined): Promise<Leave> {
    return granted(await this.strangers.enter(clientNetwork(ip) ?? everybody));
  }

  /**
   * Waits until the party may use another connection of the lane.
   *
   * @param party the organisation of a caller, never the one that an operator acts on
   * @returns a function that releases the slot
   */
  async enter(party: string, lane: Lane): Promise<Leave> {
    return granted(await this.organisations[lane].enter(party));
  }

  /** For look-ups that strangers can cause as often as they like. */
  async lookUp<T>(ip: string | undefined, work: () => Promise<T>): Promise<T> {
    const leaveAddress = granted(await this.addresses.enter(clientNetwork(ip) ?? everybody));
    try {
      const leave = granted(await this.lookUps.enter(everybody));
      return await work().finally(leave);
    } finally {
      leaveAddress();
    }
  }
}
