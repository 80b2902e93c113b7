/** A Store over maps, for tests that need rows but no Directus. Knows the filters _eq, _neq, _in, _lte, _between, _null, _nnull, _and, _or on plain fields. */
import type { Row, TableName, tables } from '../../schema/index.ts';
import { type Holder, type HoldRequest, type LetterText, whoHolds } from '../../schema/press.ts';
import { type NewFile, type ReadQuery, type Store, StoreError } from '../../scripts/directus/store.ts';

type AnyRow = Record<string, unknown>;
export type FakeRows = Partial<{ [N in TableName]: readonly Partial<Row<(typeof tables)[N]> & { id: string }>[] }>;

export interface FakeStore extends Store {
  /** All rows of a table, in the order of writing. */
  rowsOf(table: TableName): AnyRow[];
  /** Files in Directus, by folder and title. */
  readonly files: Map<string, NewFile>;
  /** Words of letters for their pages, by hash. */
  readonly texts: Map<string, string>;
  /** Every write, as `create notices 1`, `update notice_copies 3`, `delete ...`. */
  readonly writes: string[];
}

const keyOf = (table: TableName, row: AnyRow): string => String(table === 'schools' ? row.code : row.id);

const tests: Readonly<Record<string, (value: unknown, wanted: unknown) => boolean>> = {
  _eq: (value, wanted) => value === wanted,
  _neq: (value, wanted) => value !== wanted,
  _in: (value, wanted) => (wanted as unknown[]).includes(value),
  _lte: (value, wanted) => value !== null && String(value) <= String(wanted),
  _between: (value, wanted) =>
    value !== null && String(value) >= String((wanted as unknown[])[0]) && String(value) <= String((wanted as unknown[])[1]),
  _null: (value, wanted) => (value === null || value === undefined) === wanted,
  _nnull: (value, wanted) => (value !== null && value !== undefined) === wanted,
};

const fits = (row: AnyRow, filter: AnyRow): boolean =>
  Object.entries(filter).every(([key, rule]) => {
    if (key === '_and') return (rule as AnyRow[]).every((part) => fits(row, part));
    if (key === '_or') return (rule as AnyRow[]).some((part) => fits(row, part));
    return Object.entries(rule as AnyRow).every(([operator, wanted]) => {
      const test = tests[operator];
      if (!test) throw new Error(`the fake store does not know ${operator}`);
      return test(row[key] ?? null, wanted);
    });
  });

const compare = (a: unknown, b: unknown): number => (a === b ? 0 : String(a ?? '') < String(b ?? '') ? -1 : 1);

const sorted = (rows: AnyRow[], fields: readonly string[]): AnyRow[] =>
  [...rows].sort((a, b) => {
    for (const field of fields) {
      const name = field.replace(/^-/, '');
      const order = compare(a[name], b[name]) * (field.startsWith('-') ? -1 : 1);
      if (order !== 0) return order;
    }
    return 0;
  });

export const fakeStore = (rows: FakeRows = {}, settings: Partial<Row<(typeof tables)['settings']>> = {}): FakeStore => {
  const kept = new Map<string, Map<string, AnyRow>>();
  const tableOf = (table: TableName) => {
    const found = kept.get(table) ?? new Map<string, AnyRow>();
    kept.set(table, found);
    return found;
  };
  for (const [table, list] of Object.entries(rows) as [TableName, readonly AnyRow[]][])
    for (const row of list) tableOf(table).set(keyOf(table, row), structuredClone(row));
  const held = structuredClone(settings) as AnyRow;
  const writes: string[] = [];
  const files = new Map<string, NewFile>();
  const presses = new Map<string, { holder: Holder; beat: number }>();
  const texts = new Map<string, string>();
  const existing = (table: TableName, id: string): AnyRow => {
    const row = tableOf(table).get(id);
    if (!row) throw new StoreError(`${table}/${id}: not there`, 'FORBIDDEN');
    return row;
  };

  return {
    url: 'http://fake.invalid',
    writes,
    files,
    texts,
    rowsOf: (table) => [...tableOf(table).values()],
    async readRows(table, query: ReadQuery = {}) {
      const found = [...tableOf(table).values()].filter((row) => fits(row, query.filter ?? {}));
      return structuredClone(sorted(found, query.sort ?? []).slice(0, query.limit)) as never;
    },
    readRow: async (table, id) => structuredClone(existing(table, id)) as never,
    readSettings: async () => structuredClone(held) as never,
    async updateSettings(values) {
      Object.assign(held, values);
    },
    async createRows(table, list) {
      for (const row of list as unknown as AnyRow[]) {
        if (tableOf(table).has(keyOf(table, row))) throw new StoreError(`${table}: ${keyOf(table, row)} is there already`, 'RECORD_NOT_UNIQUE');
        tableOf(table).set(keyOf(table, row), structuredClone(row));
      }
      writes.push(`create ${table} ${list.length}`);
    },
    async updateRow(table, id, values) {
      Object.assign(existing(table, id), structuredClone(values));
      writes.push(`update ${table} 1`);
    },
    async updateRows(table, ids, values) {
      for (const id of ids) Object.assign(existing(table, id), structuredClone(values));
      writes.push(`update ${table} ${ids.length}`);
    },
    async updateEach(table, list) {
      for (const row of list) Object.assign(existing(table, keyOf(table, row as AnyRow)), structuredClone(row));
      writes.push(`update ${table} ${list.length}`);
    },
    async deleteRows(table, ids) {
      for (const id of ids) tableOf(table).delete(id);
      writes.push(`delete ${table} ${ids.length}`);
    },
    openFolder: async (path) => path.join('/'),
    findFolder: async (path) => path.join('/'),
    listFiles: async (folder) =>
      [...files]
        .filter(([, file]) => file.folder === folder)
        .map(([id, { title, description, bytes }]) => ({ id, title, description, filesize: bytes.byteLength })),
    async uploadFile(file) {
      files.set(`${file.folder}/${file.title}`, file);
      writes.push('upload 1');
      return `${file.folder}/${file.title}`;
    },
    async describeFile(id, description) {
      files.set(id, { ...(files.get(id) as NewFile), description });
    },
    async deleteFiles(ids) {
      for (const id of ids) files.delete(id);
    },
    async call(_method, path, body) {
      if (path === '/kehou-press/hold') {
        const asked = body as HoldRequest;
        const held = whoHolds(asked, presses.get(asked.place) ?? null, Date.now());
        if (held.holder.id === asked.own.id) presses.set(asked.place, { holder: asked.own, beat: Date.now() });
        return held as never;
      }
      if (path === '/kehou-press/leave') return void presses.delete((body as { place: string }).place) as never;
      if (path === '/kehou-press/texts') {
        for (const { hash, html } of (body as { texts: LetterText[] }).texts) texts.set(hash, html);
        return null as never;
      }
      throw new Error(`the fake store has no endpoint ${path}`);
    },
  };
};
