import { useEffect, useState } from 'react';

/** The token of a link, which is gone from the URL and the history as soon as it is read. */
function takeToken(): string | undefined {
  const { pathname, hash, search } = window.location;
  if (pathname !== '/sign-in' || hash.length < 2) return undefined;
  window.history.replaceState(null, '', pathname + search);
  return hash.slice(1);
}

/** Once for the whole page: it is not there a second time. */
const linkToken = takeToken();

/** The token of the link that led here, or that somebody has pasted while they were here. */
export function useToken(): [string | undefined, (token: string | undefined) => void] {
  const [token, setToken] = useState(linkToken);
  useEffect(() => {
    const take = () => {
      const next = takeToken();
      if (next !== undefined) setToken(next);
    };
    window.addEventListener('hashchange', take);
    return () => {
      window.removeEventListener('hashchange', take);
    };
  }, []);
  return [token, setToken];
}
