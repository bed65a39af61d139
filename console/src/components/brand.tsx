import { useAppearance } from '../api/installation';

/** Whose page this is. */
export function Brand() {
  const { name, logo } = useAppearance();
  return (
    <>
      <img src={logo} alt="" /> <span>{name}</span>
    </>
  );
}
