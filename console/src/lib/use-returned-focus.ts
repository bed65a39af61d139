import { useLayoutEffect } from 'react';

/** Gives the focus back, when a dialog closes, to what has opened it; if that is gone, to the page. */
export function useReturnedFocus(): void {
  useLayoutEffect(() => {
    const opener = document.activeElement;
    return () => {
      const isThere = opener instanceof HTMLElement && opener !== document.body;
      const target = isThere && opener.isConnected ? opener : document.getElementById('content');
      target?.focus({ preventScroll: true });
    };
  }, []);
}
