import { useEffect } from 'react';

/** Names the page, for tabs, the history and screen readers. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Keyfence`;
  }, [title]);
}
