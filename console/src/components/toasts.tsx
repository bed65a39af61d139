import { CloseButton } from '@mantine/core';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import { useEffect } from 'react';
import { dismiss, useToasts, type Toast } from '../lib/toasts';
import { Icon } from './icon';

const shownMs = 6_000;

/** What has succeeded lately. Screen readers announce what comes into it, so it is always there. */
export function Toasts() {
  const toasts = useToasts();
  return (
    <div className="toasts" role="status" aria-live="polite" aria-label="Notifications">
      {toasts.map((each) => (
        <Shown key={each.id} {...each} />
      ))}
    </div>
  );
}

function Shown({ id, text }: Toast) {
  useEffect(() => {
    const timer = setTimeout(() => {
      dismiss(id);
    }, shownMs);
    return () => {
      clearTimeout(timer);
    };
  }, [id]);
  return (
    <div className="toast">
      <Icon of={IconCircleCheck} />
      <span>{text}</span>
      <CloseButton
        size="sm"
        aria-label="Dismiss"
        onClick={() => {
          dismiss(id);
        }}
      />
    </div>
  );
}
