/**
 * From planned letters to finished PDFs: one printed model for all letters that share a form, each filled in; the others one by one.
 * Stores nothing; a letter that cannot be printed comes back as a failure and holds nobody up.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import { nameMark } from '../../schema/press.ts';
import type { Filling, Model, TypeCase } from '../print/model.ts';
import type { DocumentInfo } from '../print/pdf-file.ts';
import { readTypeCase } from '../print/type-case.ts';
import { charactersFor, fillingOf } from './blanks.ts';
import { noticeUrl } from './codes.ts';
import type { Form } from './forms.ts';
import type { Failure, PressRoom, Sheet } from './press-room.ts';
import type { Press, Stamp } from './template.ts';

/** One letter to be printed. */
export interface Order {
  readonly key: string;
  readonly name: string;
  /** `三年级2班` */
  readonly place: string;
  readonly form: Form | null;
  readonly stamp: Stamp;
  readonly info: DocumentInfo;
  /** Pages it is expected to take, at least 1. */
  readonly pages: number;
  /** The letter by itself, for when no form fits. */
  html(): string;
}

export interface Finished {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly pages: number;
}

const grouped = (orders: readonly Order[]): Map<Form, Order[]> => {
  const groups = new Map<Form, Order[]>();
  for (const order of orders) if (order.form) groups.set(order.form, [...(groups.get(order.form) ?? []), order]);
  return groups;
};

const modelSheet = (form: Form, pages: number): Sheet => ({ key: form.key, html: form.html, mark: form.mark, blanks: form.blanks, pages });

export interface ComposeDeps {
  readonly room: PressRoom;
  readonly press: Press;
  readonly publicUrl: string;
  /** Finished letters handed over at once: enough to be worth a call, few enough to keep in memory. */
  readonly handful?: number;
}

/** Prints all orders and hands over a handful at a time, in no particular order. */
export const composeLetters = async (
  { room, press, publicUrl, handful = 100 }: ComposeDeps,
  orders: readonly Order[],
  take: (batch: readonly Finished[]) => Promise<void>,
): Promise<Failure[]> => {
  const groups = grouped(orders);
  // A form that only one letter has is that letter.
  const shared = [...groups].filter(([, members]) => members.length > 1);
  const alone = orders.filter((order) => !order.form || (groups.get(order.form)?.length ?? 0) < 2);
  let batch: Finished[] = [];
  const hand = async (finished: Finished): Promise<void> => {
    batch.push(finished);
    if (batch.length >= handful) await flush();
  };
  const flush = async (): Promise<void> => {
    const full = batch;
    batch = [];
    if (full.length > 0) await take(full);
  };

  const fillAll = async (model: Model, members: readonly Order[], typeCase: TypeCase): Promise<void> => {
    for (const [index, order] of members.entries()) {
      const filling: Filling = fillingOf(order.name, order.place, order.stamp, publicUrl);
      const bytes = model.fill(filling, order.info, typeCase);
      if (bytes) await hand({ key: order.key, bytes, pages: model.pages });
      else alone.push(order);
      // Filling keeps the processor busy; the browser waits for answers meanwhile.
      if (index % 25 === 24) await breathe();
    }
  };

  if (shared.length > 0) {
    const texts = shared.flatMap(([, members]) => members.flatMap(({ name, place }) => [name, place]));
    const opening = openCase(room, press, texts);
    const byKey = new Map(shared.map(([form, members]) => [form.key, members]));
    const sheets = shared.map(([form, members]) => modelSheet(form, members[0]?.pages ?? 1));
    const failed = await room.print(sheets, async (printed) => {
      const typeCase = await opening;
      for (const { key, model } of printed) await fillAll(model, byKey.get(key) ?? [], typeCase);
    });
    // A model that cannot be printed says nothing about its letters: each gets its own try.
    for (const { key } of failed) alone.push(...(byKey.get(key) ?? []));
  }
  const byKey = new Map(alone.map((order) => [order.key, order]));
  const sheets = alone.map(
    (order): Sheet => ({
      key: order.key,
      html: order.html(),
      mark: noticeUrl(publicUrl, order.stamp.code),
      blanks: null,
      pages: order.pages,
    }),
  );
  const failures = await room.print(sheets, async (printed) => {
    for (const { key, model } of printed) await hand({ key, bytes: model.whole((byKey.get(key) as Order).info), pages: model.pages });
  });
  await flush();
  return failures;
};

const emptyCase: TypeCase = { glyphOf: () => null };

/** Without its case no model can be filled; then every letter is printed by itself, which only takes longer. */
const openCase = async (room: PressRoom, press: Press, texts: readonly string[]): Promise<TypeCase> => {
  try {
    return await readTypeCase(await room.whole(press.typeCase(charactersFor(texts))), nameMark);
  } catch {
    return emptyCase;
  }
};
