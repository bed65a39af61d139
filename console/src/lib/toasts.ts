import { useSyncExternalStore } from 'react';

export interface Toast {
  id: number;
  text: string;
}

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => {
    listener();
  });
}

/** More at once nobody reads. */
const most = 3;

/** Says that something has succeeded, for a few seconds. */
export function toast(text: string): void {
  lastId += 1;
  set([...toasts, { id: lastId, text }].slice(-most));
}

export function dismiss(id: number): void {
  set(toasts.filter((each) => each.id !== id));
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

export const useToasts = () => useSyncExternalStore(subscribe, () => toasts);
