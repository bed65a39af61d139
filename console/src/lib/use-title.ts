import { useEffect } from 'react';
import { useAppearance } from '../api/installation';

/** Names the page, for tabs, the history and screen readers. */
export function useTitle(title: string): void {
  const { name } = useAppearance();
  useEffect(() => {
    document.title = name === '' ? title : `${title} · ${name}`;
  }, [title, name]);
}
