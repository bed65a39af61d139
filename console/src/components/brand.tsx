import { useEffect } from 'react';
import { useAppearance } from '../api/installation';

/** Whose page this is. */
export function Brand() {
  const { name, logo } = useAppearance();
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    // The type of the file is that of our own logo.
    icon?.removeAttribute('type');
    icon?.setAttribute('href', logo);
  }, [logo]);
  return (
    <>
      <img src={logo} alt="" /> <span>{name}</span>
    </>
  );
}
