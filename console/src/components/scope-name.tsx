import type { Key } from '../api/client';
import { useAppearance } from '../api/installation';

/** What a scope is called here. */
export const ScopeName = ({ scope }: Pick<Key, 'scope'>) => (
  <>{useAppearance().scopes[scope].name}</>
);
