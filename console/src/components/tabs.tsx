import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

interface Props {
  /** Names the choice. */
  label: string;
  names: string[];
  children: (name: string) => ReactNode;
}

/** Shows one of some things. The arrow keys lead from one to the next. */
export function Tabs({ label, names, children }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(0);
  const move = ({ key }: KeyboardEvent) => {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = (current + step + names.length) % names.length;
    setCurrent(next);
    list.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div>
      <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {names.map((name, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}${index}`}
            aria-selected={index === current}
            aria-controls={`${id}panel`}
            tabIndex={index === current ? 0 : -1}
            onClick={() => {
              setCurrent(index);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <div id={`${id}panel`} role="tabpanel" aria-labelledby={`${id}${current}`} className="panel">
        {children(names[current] ?? '')}
      </div>
    </div>
  );
}
