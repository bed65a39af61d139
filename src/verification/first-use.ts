import { Injectable } from '@nestjs/common';
import type { KeyId } from '../common/ids.js';

/** Tells once when a key has been used for the first time since it was watched. */
@Injectable()
export class FirstUse {
  private readonly watched = new Map<KeyId, () => void>();

  watch(keyId: KeyId, used: () => void): void {
    this.watched.set(keyId, used);
  }

  saw(keyId: KeyId): void {
    const used = this.watched.get(keyId);
    if (used === undefined) return;
    this.watched.delete(keyId);
    used();
  }
}
