import { useState } from 'react';
import type { Key } from '../../api/client';

/** Keys that were chosen, also on other pages of the list. */
export interface Selection {
  keys: Key[];
  has: (key: Key) => boolean;
  set: (keys: Key[], isChosen: boolean) => void;
  clear: () => void;
}

const none: ReadonlyMap<string, Key> = new Map();

/** @param list names the list: what was chosen in another one is no longer seen, and so no longer chosen */
export function useSelection(list: string): Selection {
  const [chosen, setChosen] = useState({ list, keys: none });
  const keys = chosen.list === list ? chosen.keys : none;
  return {
    keys: [...keys.values()],
    has: ({ id }) => keys.has(id),
    set: (some, isChosen) => {
      const next = new Map(keys);
      for (const key of some) {
        if (isChosen) next.set(key.id, key);
        else next.delete(key.id);
      }
      setChosen({ list, keys: next });
    },
    clear: () => {
      setChosen({ list, keys: none });
    },
  };
}
