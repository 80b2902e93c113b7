/**
 * Hands workbooks to Directus and brings back their answers. Those that are ready while others are being stored go together in the
 * next call: Directus plans one while it writes another, and writes them down at once.
 */
import { setImmediate } from 'node:timers/promises';
import { type HandedOver, type IngestAnswer, type IngestRequest, unpackAnswer } from '../../schema/ingest.ts';
import { type Store, StoreError } from '../directus/store.ts';

export interface HandOver {
  /** Throws StoreError where Directus refuses this workbook or is out of reach. */
  take(request: IngestRequest): Promise<IngestAnswer>;
}

interface Waiting {
  readonly request: IngestRequest;
  readonly resolve: (answer: IngestAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** Keeps a call to a few megabytes and a second or two: others use Directus meanwhile. */
const mostWorkbooks = 4;
const mostRows = 3000;

const rowsOf = ({ request }: Waiting): number => request.tabs.reduce((sum, tab) => sum + tab.rows.length, 0);

/** Takes the first ones off the list; always one at least. */
const nextOf = (waiting: Waiting[]): Waiting[] => {
  const some: Waiting[] = [];
  let rows = 0;
  while (waiting[0] && some.length < mostWorkbooks && (!some.length || rows + rowsOf(waiting[0]) <= mostRows)) {
    rows += rowsOf(waiting[0]);
    some.push(waiting.shift() as Waiting);
  }
  return some;
};

export const openHandOver = (store: Store): HandOver => {
  const waiting: Waiting[] = [];
  let underWay = false;

  const send = async (some: readonly Waiting[]): Promise<void> => {
    try {
      const sent = await store.call<HandedOver[]>(
        'POST',
        '/kehou-ingest/workbooks',
        some.map(({ request }) => request),
      );
      for (const [index, one] of some.entries()) {
        const result = sent[index] as HandedOver;
        if ('answer' in result) one.resolve(unpackAnswer(result.answer, one.request));
        else one.reject(new StoreError(result.refused.message, result.refused.code));
      }
    } catch (error) {
      for (const one of some) one.reject(error);
    }
  };

  const sendAll = async (): Promise<void> => {
    if (underWay) return;
    underWay = true;
    while (waiting.length) {
      // Whoever has just had an answer may have the next workbook ready.
      await setImmediate();
      await send(nextOf(waiting));
    }
    underWay = false;
  };

  return {
    take: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        void sendAll();
      }),
  };
};
