import type { Clock, Node } from './cluster.js';
import type { Line } from './history.js';

const mostAttempts = 10;

/** Starts a node that was killed, and writes it down: each start takes a number. */
export async function restart(node: Node, history: Line[], clock?: Clock): Promise<void> {
  const begin = performance.now();
  let attempts = 0;
  for (let isUp = false; !isUp;) {
    attempts += 1;
    isUp = await node.start(clock).then(
      () => true,
      (error: unknown) => {
        if (attempts === mostAttempts) throw error;
        return false;
      },
    );
  }
  const { index } = node;
  const what = { kind: 'node.start', target: `node ${index}`, node: index } as const;
  const effect = { status: undefined, on: [], off: [], authSeq: undefined };
  history.push({
    type: 'change',
    ...what,
    begin,
    end: performance.now(),
    result: 'ok',
    attempts,
    ...effect,
  });
}
