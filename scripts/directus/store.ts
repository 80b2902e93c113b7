/**
 * The only code that calls the Directus API, through @directus/sdk.
 * It moves rows; it never decides what a row means.
 */

import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  createDirectus,
  createFolder,
  createItems,
  customEndpoint,
  deleteFiles,
  deleteItems,
  type Query,
  readFiles,
  readFolder,
  readItem,
  readItems,
  readSingleton,
  rest,
  staticToken,
  updateFile,
  updateItem,
  updateItems,
  updateItemsBatch,
  updateSingleton,
  uploadFiles,
} from '@directus/sdk';
import type { Fields } from '../../schema/fields.ts';
import { type Row, type TableName, tables } from '../../schema/index.ts';

type RowOf<N extends TableName> = Row<(typeof tables)[N]> & { id: string };

/** What a reader asks for: Directus' own filter, sort and field names. Without `limit` every row comes. */
export interface ReadQuery {
  readonly filter?: Record<string, unknown>;
  readonly fields?: readonly string[];
  readonly sort?: readonly string[];
  readonly limit?: number;
}

export interface StoredFile {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  /** Null while Directus has not got the whole of a new file, and for good where it was stopped meanwhile. */
  readonly filesize: number | null;
}

export interface NewFile {
  /** Of a new file, where its id must be known beforehand. */
  readonly id?: string;
  readonly folder: string;
  /** As it is called when somebody saves it. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** One signed-in view of a Directus. Errors of the server come as `StoreError` with its words. */
export interface Store {
  readonly url: string;
  readRows<N extends TableName>(table: N, query?: ReadQuery): Promise<RowOf<N>[]>;
  readRow<N extends TableName>(table: N, id: string): Promise<RowOf<N>>;
  readSettings(): Promise<Row<(typeof tables)['settings']>>;
  updateSettings(values: Partial<Row<(typeof tables)['settings']>>): Promise<void>;
  createRows<N extends TableName>(table: N, rows: readonly Partial<RowOf<N>>[]): Promise<void>;
  updateRow<N extends TableName>(table: N, id: string, values: Partial<RowOf<N>>): Promise<void>;
  /** The same values for many rows, in one call. */
  updateRows<N extends TableName>(table: N, ids: readonly string[], values: Partial<RowOf<N>>): Promise<void>;
  /** Different values for each of many rows, in one call: all are written or none. */
  updateEach<N extends TableName>(table: N, rows: readonly (Partial<RowOf<N>> & { readonly id: string })[]): Promise<void>;
  deleteRows<N extends TableName>(table: N, ids: readonly string[]): Promise<void>;
  /** The folder of Directus' files under this path of names, made where it is missing. */
  openFolder(path: readonly string[]): Promise<string>;
  /** The same, or null where it is not there. */
  findFolder(path: readonly string[]): Promise<string | null>;
  /** The files in a folder. */
  listFiles(folder: string): Promise<StoredFile[]>;
  /** Puts a file into a folder and gives its id; `id` replaces the content of a file that is there. */
  uploadFile(file: NewFile, id?: string): Promise<string>;
  describeFile(id: string, description: string): Promise<void>;
  /** Removes files with their content; those that are not there any more are no fault. */
  deleteFiles(ids: readonly string[]): Promise<void>;
  /** Any endpoint of the server, our own ones included. */
  call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
}

/** Directus refused or could not be reached; `message` carries its words and the table or path concerned. */
export class StoreError extends Error {
  override name = 'StoreError';
  readonly code: string;
  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

interface SdkFault {
  readonly errors?: readonly { readonly message?: string; readonly extensions?: { readonly code?: string; readonly service?: string } }[];
  readonly message?: string;
}

const asStoreError = (what: string, error: unknown): StoreError => {
  const fault = error as SdkFault;
  const first = fault.errors?.[0];
  return new StoreError(`${what}: ${first?.message ?? fault.message ?? String(error)}`, first?.extensions?.code ?? 'UNREACHABLE', { cause: error });
};

/** Milliseconds to wait before a call that was turned away is made again. */
const pauses = [250, 500, 1000, 2000, 4000, 8000];

/** Busy ("Under pressure"), Directus turns a call away before it does anything of it: making it again is safe, whatever it is. */
const isTurnedAway = (error: unknown): boolean => {
  const details = (error as SdkFault).errors?.[0]?.extensions;
  return details?.code === 'SERVICE_UNAVAILABLE' && details.service === 'api';
};

const patiently = async (work: () => Promise<unknown>): Promise<unknown> => {
  for (const pause of pauses) {
    try {
      return await work();
    } catch (error) {
      if (!isTurnedAway(error)) throw error;
      await setTimeout(pause);
    }
  }
  return work();
};

/** Directus hands over times with seconds, and on PostgreSQL fractions as text; the model has neither. */
const inNormalForm = <T extends Record<string, unknown>>(table: TableName, row: T): T => {
  const fields = tables[table].fields as Fields;
  for (const [name, value] of Object.entries(row)) {
    const kind = fields[name]?.kind;
    if (typeof value !== 'string') continue;
    if (kind === 'money' || kind === 'percent' || kind === 'decimal') (row as Record<string, unknown>)[name] = Number(value);
    else if (kind === 'time') (row as Record<string, unknown>)[name] = value.slice(0, 5);
  }
  return row;
};

/** Rows of one page: large enough to need few calls, small enough to keep memory flat. */
const pageSize = 5000;

const primaryKey = (table: TableName): string => (table === 'schools' ? 'code' : 'id');

/** An id that follows from what has it. */
const idFor = (what: unknown): string => {
  const hash = createHash('sha256').update(JSON.stringify(what)).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};

/** A folder's id follows from its path: Directus 12.4 lets nobody but administrators look for a folder by name. */
export const folderId = (path: readonly string[]): string => idFor(path);

/** A file that is known by its title in a folder is there once, whoever puts it there and however often. */
export const fileId = (folder: string, title: string): string => idFor({ folder, title });

/** Opens a store with a token; null is a visitor without rights. No call is made before the first read or write. */
export const openStore = (url: string, token: string | null): Store => {
  const client = createDirectus<Record<string, Record<string, unknown>[]>>(url)
    .with(staticToken(token ?? ''))
    .with(rest());

  const attempt = async <T>(what: string, work: () => Promise<unknown>): Promise<T> => {
    try {
      return (await patiently(work)) as T;
    } catch (error) {
      throw asStoreError(what, error);
    }
  };

  const readPage = async (table: TableName, query: ReadQuery, limit: number, offset: number) => {
    const rows = await attempt<Record<string, unknown>[]>(table, () =>
      client.request(
        readItems(table, {
          fields: [...(query.fields ?? ['*'])],
          sort: [...(query.sort ?? [primaryKey(table)])],
          limit,
          offset,
          ...(query.filter ? { filter: query.filter } : {}),
        } as Query<Record<string, Record<string, unknown>[]>, Record<string, unknown>>),
      ),
    );
    return rows.map((row) => inNormalForm(table, row));
  };

  const isThere = async (folder: string): Promise<boolean> => {
    try {
      await attempt('folders', () => client.request(readFolder(folder)));
      return true;
    } catch (error) {
      // Directus says the same of what is not there and of what one may not see.
      if (error instanceof StoreError && error.code === 'FORBIDDEN') return false;
      throw error;
    }
  };

  const makeFolder = async (folder: { readonly id: string; readonly name: string | undefined; readonly parent: string | null }): Promise<void> => {
    try {
      await attempt('folders', () => client.request(createFolder(folder as never)));
    } catch (error) {
      // Two that file into the same school at once: it is there, whoever made it.
      if (!(error instanceof StoreError && error.code === 'RECORD_NOT_UNIQUE')) throw error;
    }
  };

  return {
    url,
    async readRows(table, query = {}) {
      if (query.limit !== undefined && query.limit <= pageSize) return (await readPage(table, query, query.limit, 0)) as never;
      const rows: Record<string, unknown>[] = [];
      for (;;) {
        const page = await readPage(table, query, pageSize, rows.length);
        rows.push(...page);
        if (page.length < pageSize || (query.limit !== undefined && rows.length >= query.limit)) return rows as never;
      }
    },
    readRow: async (table, id) =>
      inNormalForm(table, await attempt<Record<string, unknown>>(`${table}/${id}`, () => client.request(readItem(table, id)))) as never,
    readSettings: async () =>
      inNormalForm('settings', await attempt<Record<string, unknown>>('settings', () => client.request(readSingleton('settings' as never)))) as never,
    async updateSettings(values) {
      await attempt('settings', () => client.request(updateSingleton('settings' as never, values as never)));
    },
    async createRows(table, rows) {
      await attempt(table, () => client.request(createItems(table, rows as never)));
    },
    async updateRow(table, id, values) {
      await attempt(`${table}/${id}`, () => client.request(updateItem(table, id, values as never)));
    },
    async updateRows(table, ids, values) {
      await attempt(table, () => client.request(updateItems(table, [...ids], values as never)));
    },
    async updateEach(table, rows) {
      await attempt(table, () => client.request(updateItemsBatch(table, rows as never)));
    },
    async deleteRows(table, ids) {
      await attempt(table, () => client.request(deleteItems(table, [...ids])));
    },
    async openFolder(path) {
      let parent: string | null = null;
      for (const [index, name] of path.entries()) {
        const id = folderId(path.slice(0, index + 1));
        if (!(await isThere(id))) await makeFolder({ id, name, parent });
        parent = id;
      }
      return parent as string;
    },
    findFolder: async (path) => ((await isThere(folderId(path))) ? folderId(path) : null),
    listFiles: (folder) =>
      attempt<StoredFile[]>('files', () =>
        client.request(readFiles({ filter: { folder: { _eq: folder } }, fields: ['id', 'title', 'description', 'filesize'], limit: -1 } as never)),
      ),
    async uploadFile({ id: own, folder, name, title, description, type, bytes }, id) {
      const form = new FormData();
      // Directus reads the fields as they come: the file has to be the last one.
      for (const [key, value] of Object.entries({ ...(own ? { id: own } : {}), folder, title, description, filename_download: name, type }))
        form.append(key, value);
      form.append('file', new Blob([Buffer.from(bytes)], { type }), name);
      const stored = await attempt<{ id: string }>('files', () => client.request(id ? (updateFile(id, form as never) as never) : uploadFiles(form)));
      return stored.id;
    },
    async describeFile(id, description) {
      await attempt('files', () => client.request(updateFile(id, { description } as never)));
    },
    async deleteFiles(ids) {
      if (ids.length > 0) await attempt('files', () => client.request(deleteFiles([...ids])));
    },
    call: (method, path, body) =>
      attempt(path, () => client.request(customEndpoint({ method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }))),
  };
};
