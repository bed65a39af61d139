import { Injectable } from '@nestjs/common';
import type { KeyId } from '../common/ids.js';

/** Reports the first use of a key since it was watched, once. */
@Injectable()
export class FirstUse {
  private readonly watched = new Map<KeyId, () => void>();

  watch(keyId: KeyId, used: () => void): void {
    this.watched.set(keyId, used);
  }

  record(keyId: KeyId): void {
    const used = this.watched.get(keyId);
    if (used === undefined) return;
    this.watched.delete(keyId);
    used();
  }
}
