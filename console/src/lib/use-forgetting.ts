import { useEffect, useRef } from 'react';
import type { Secret } from './secret';

/** Forgets the secret as soon as nothing shows it any more. */
export function useForgetting(secret: Secret | undefined) {
  const timer = useRef<number>(undefined);
  useEffect(() => {
    clearTimeout(timer.current);
    return () => {
      // In development React takes each component away once, and puts it back at once.
      timer.current = window.setTimeout(() => secret?.forget());
    };
  }, [secret]);
}
