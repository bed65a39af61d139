const name = 'keyfence.getting-started';

/** Whether the person does not want to see the first steps any more. */
export const isStartHidden = () => localStorage.getItem(name) === 'hidden';

export function setStartHidden(): void {
  localStorage.setItem(name, 'hidden');
}
