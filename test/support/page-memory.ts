import type { Page } from 'playwright-core';

interface Snapshot {
  strings: string[];
}

/** Whether a text can be reached from anything that the page's scripts hold, after a collection. */
export async function isInMemory(page: Page, text: string): Promise<boolean> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await session.detach();
  const { strings } = JSON.parse(chunks.join('')) as Snapshot;
  return strings.some((each) => each.includes(text));
}
