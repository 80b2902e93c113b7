/**
 * Makes a running Directus hold the model of schema/: collections, fields, links, bookmarks, plain tables, roles.
 * It only adds and mends; it never drops a collection, a field or a value, never changes the type of a column, and leaves what staff
 * added or changed in the data model as they have it.
 */
import { createHash } from 'node:crypto';
import { type DirectusField, type DirectusModel, directusModel } from '../../schema/directus.ts';
import { adminRole, type RoleSpec, roles } from '../../schema/roles.ts';
import { ruleDifferences, ruleLines } from './rule-rows.ts';
import type { Store } from './store.ts';

/** One thing that is not as the model says. `mend` is null where only a person can decide (a column of another type). */
export interface Difference {
  readonly what: string;
  readonly mend: (() => Promise<unknown>) | null;
}

interface LiveField {
  readonly collection: string;
  readonly field: string;
  readonly type: string;
  readonly meta: Readonly<Record<string, unknown>> | null;
  readonly schema: { readonly default_value?: unknown; readonly is_indexed?: boolean } | null;
}
interface LiveCollection {
  readonly collection: string;
  readonly meta: Readonly<Record<string, unknown>> | null;
}
interface LiveRelation {
  readonly collection: string;
  readonly field: string;
  readonly related_collection: string | null;
}
interface Entity {
  readonly id: string;
  readonly [key: string]: unknown;
}

const empty = (value: unknown) => value === null || value === undefined || value === '';

/** Equal for our purpose: key order does not matter, and a missing value is a null value. */
const same = (wanted: unknown, found: unknown): boolean => {
  if (empty(wanted) && empty(found)) return true;
  if (Array.isArray(wanted)) return Array.isArray(found) && wanted.length === found.length && wanted.every((one, index) => same(one, found[index]));
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof found !== 'object' || found === null) return false;
    return Object.entries(wanted).every(([key, value]) => same(value, (found as Record<string, unknown>)[key]));
  }
  return String(wanted) === String(found);
};

/** PostgreSQL answers a time of day with seconds, SQLite as it was given. */
const minutes = (value: unknown) => (typeof value === 'string' ? value.replace(/^(\d\d:\d\d):00$/, '$1') : value);
const sameDefault = (wanted: unknown, found: unknown): boolean => same(minutes(wanted), minutes(found));

const differing = (wanted: Readonly<Record<string, unknown>>, found: Readonly<Record<string, unknown>> | null): string[] =>
  Object.keys(wanted).filter((key) => !same(wanted[key], found?.[key]));

const pick = (from: Readonly<Record<string, unknown>>, keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, from[key]]));

/** SQLite has one type for all fractions, and Directus calls it float. */
const columnType = (type: string): string => (type === 'decimal' ? 'float' : type);

/** What staff may change of a field of the model in Settings → Data model; workbooks and checks follow (schema/live-tables.ts). */
const staffKeys = ['hidden', 'required', 'note', 'translations', 'options', 'display', 'display_options', 'sort', 'width', 'group'] as const;

/** Meta of each field by `collection.field`, of the keys above, as the model had them when it was applied last. */
type Applied = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const appliedOf = (model: DirectusModel): Applied =>
  Object.fromEntries(
    model.collections.flatMap((one) => one.fields.map((field) => [`${one.collection}.${field.field}`, pick(field.meta, staffKeys)] as const)),
  );

/** Staff changed it since the model was applied: theirs, whatever the model says by now. */
const isTheirs = (key: string, applied: Applied[string] | undefined, found: LiveField): boolean =>
  applied !== undefined && (staffKeys as readonly string[]).includes(key) && !same(applied[key], found.meta?.[key]);

/** What the model says of the column itself, where the database has it otherwise. */
const columnDifferences = (wanted: DirectusField['schema'], found: LiveField['schema']): string[] =>
  (['default_value', 'is_indexed'] as const).filter((key) => wanted && key in wanted && !sameDefault(wanted[key], found?.[key]));

const fieldDifferences = (
  store: Store,
  collection: string,
  wanted: DirectusField,
  found: LiveField | undefined,
  applied: Applied[string] | undefined,
): Difference[] => {
  const name = `${collection}.${wanted.field}`;
  const path = `/fields/${collection}`;
  if (!found) return [{ what: `缺字段 ${name}`, mend: () => store.call('POST', path, wanted) }];
  if (columnType(found.type) !== columnType(wanted.type))
    return [{ what: `字段 ${name} 的类型是 ${found.type},模型里是 ${wanted.type}(须人工处理)`, mend: null }];
  const keys = differing(wanted.meta, found.meta).filter((key) => !isTheirs(key, applied, found));
  const columns = columnDifferences(wanted.schema, found.schema);
  if (!keys.length && !columns.length) return [];
  const change = { meta: pick(wanted.meta, keys), ...(columns.length ? { schema: pick(wanted.schema ?? {}, columns) } : {}) };
  return [
    {
      what: `字段 ${name} 不同:${[...keys, ...columns].join('、')}`,
      mend: () => store.call('PATCH', `${path}/${wanted.field}`, change),
    },
  ];
};

const collectionDifferences = async (store: Store, model: DirectusModel): Promise<Difference[]> => {
  const [live, fields, applied] = await Promise.all([
    store.call<LiveCollection[]>('GET', '/collections'),
    store.call<LiveField[]>('GET', '/fields'),
    store.call<Applied | null>('GET', '/kehou-ingest/applied-model'),
  ]);
  const byName = new Map(live.map((one) => [one.collection, one]));
  const byField = new Map(fields.map((one) => [`${one.collection}.${one.field}`, one]));
  return model.collections.flatMap((wanted): Difference[] => {
    const found = byName.get(wanted.collection);
    if (!found) return [{ what: `缺集合 ${wanted.collection}`, mend: () => store.call('POST', '/collections', wanted) }];
    const keys = differing(wanted.meta, found.meta);
    const own: Difference[] = keys.length
      ? [
          {
            what: `集合 ${wanted.collection} 不同:${keys.join('、')}`,
            mend: () => store.call('PATCH', `/collections/${wanted.collection}`, { meta: pick(wanted.meta, keys) }),
          },
        ]
      : [];
    return [
      ...own,
      ...wanted.fields.flatMap((field) => {
        const name = `${wanted.collection}.${field.field}`;
        return fieldDifferences(store, wanted.collection, field, byField.get(name), applied?.[name]);
      }),
    ];
  });
};

const relationDifferences = async (store: Store, model: DirectusModel): Promise<Difference[]> => {
  const live = await store.call<LiveRelation[]>('GET', '/relations');
  const byField = new Map(live.map((one) => [`${one.collection}.${one.field}`, one]));
  return model.relations.flatMap((wanted): Difference[] => {
    const found = byField.get(`${wanted.collection}.${wanted.field}`);
    if (found?.related_collection === wanted.related_collection) return [];
    if (found) return [{ what: `关联 ${wanted.collection}.${wanted.field} 指向 ${found.related_collection}(须人工处理)`, mend: null }];
    return [
      {
        what: `缺关联 ${wanted.collection}.${wanted.field} → ${wanted.related_collection}`,
        mend: () => store.call('POST', '/relations', { ...wanted, meta: {} }),
      },
    ];
  });
};

const bookmarkDifferences = async (store: Store, model: DirectusModel): Promise<Difference[]> => {
  const live = await store.call<Entity[]>('GET', '/presets?limit=-1&filter[user][_null]=true&filter[role][_null]=true');
  const keyOf = (collection: unknown, bookmark: unknown) => `${collection}/${empty(bookmark) ? '' : bookmark}`;
  const known = new Set(live.map((one) => keyOf(one.collection, one.bookmark)));
  return model.bookmarks
    .filter((wanted) => !known.has(keyOf(wanted.collection, wanted.bookmark)))
    .map((wanted) => ({
      what: `缺视图 ${wanted.collection} ${wanted.bookmark || '(默认)'}`,
      mend: () => store.call('POST', '/presets', { ...wanted, bookmark: wanted.bookmark || null }),
    }));
};

const plainTableDifferences = async (store: Store, model: DirectusModel): Promise<Difference[]> => {
  const { missing } = await store.call<{ missing: string[] }>('POST', '/kehou-ingest/plain-tables', { tables: model.plainTables, create: false });
  return missing.map((name) => ({
    what: `缺内部表 ${name}`,
    mend: () => store.call('POST', '/kehou-ingest/plain-tables', { tables: model.plainTables.filter((table) => table.name === name), create: true }),
  }));
};

const ensurePolicy = async (store: Store, spec: RoleSpec): Promise<string> => {
  const found = await store.call<Entity[]>('GET', `/policies?filter[name][_eq]=${encodeURIComponent(spec.name)}`);
  const policy =
    found[0] ??
    (await store.call<Entity>('POST', '/policies', {
      name: spec.name,
      icon: spec.icon,
      description: spec.note,
      app_access: spec.appAccess,
      admin_access: false,
    }));
  const live = await store.call<Entity[]>('GET', `/permissions?limit=-1&filter[policy][_eq]=${policy.id}`);
  const known = new Set(live.map((one) => `${one.collection}/${one.action}`));
  const missing = Object.entries(spec.permissions).flatMap(([collection, actions]) =>
    actions
      .filter((action) => !known.has(`${collection}/${action}`))
      .map((action) => ({ policy: policy.id, collection, action, fields: ['*'], permissions: null, validation: null, presets: null })),
  );
  if (missing.length) await store.call('POST', '/permissions', missing);
  const revoked = live.filter((one) => spec.revoked?.includes(String(one.collection)));
  if (revoked.length)
    await store.call(
      'DELETE',
      '/permissions',
      revoked.map((one) => one.id),
    );
  return policy.id;
};

const roleDifferences = async (store: Store): Promise<Difference[]> => {
  const live = await store.call<Entity[]>('GET', '/roles?limit=-1&fields=id,name,policies.policy.id,policies.policy.name');
  const permissions = await store.call<Entity[]>('GET', '/permissions?limit=-1&fields=policy.name,collection,action');
  const granted = new Set(permissions.map((one) => `${(one.policy as Entity | null)?.name}/${one.collection}/${one.action}`));
  const byName = new Map(live.map((one) => [one.name, one]));
  const admin = byName.get('Administrator');
  const own: Difference[] = admin
    ? [
        {
          what: `角色 Administrator 应名为 ${adminRole.name}`,
          mend: () => store.call('PATCH', `/roles/${admin.id}`, { name: adminRole.name, description: adminRole.note }),
        },
      ]
    : [];
  return [
    ...own,
    ...roles.flatMap((spec): Difference[] => {
      const lacking = Object.entries(spec.permissions).flatMap(([collection, actions]) =>
        actions.filter((action) => !granted.has(`${spec.name}/${collection}/${action}`)).map((action) => `${collection}:${action}`),
      );
      const found = byName.get(spec.name);
      const spare = (spec.revoked ?? []).filter((collection) => [...granted].some((one) => one.startsWith(`${spec.name}/${collection}/`)));
      if (found && !lacking.length && !spare.length) return [];
      const faults = [...(lacking.length ? [`缺权限:${lacking.join('、')}`] : []), ...(spare.length ? [`多权限:${spare.join('、')}`] : [])];
      return [
        {
          what: found ? `角色 ${spec.name} ${faults.join(';')}` : `缺角色 ${spec.name}`,
          async mend() {
            const policy = await ensurePolicy(store, spec);
            if (!found)
              await store.call('POST', '/roles', {
                name: spec.name,
                icon: spec.icon,
                description: spec.note,
                policies: { create: [{ policy: { id: policy } }], update: [], delete: [] },
              });
          },
        },
      ];
    }),
  ];
};

/** The model as one line per artefact: what `schema --check` compares with the committed snapshot, and reviews read. */
export const snapshotText = (model: DirectusModel = directusModel()): string =>
  [
    '# Printed by `npm run schema -- --snapshot` from schema/tables; change those, not this file.',
    ...model.collections.flatMap((one) => [
      `collection ${one.collection} ${JSON.stringify(one.meta)}`,
      ...one.fields.map(
        (field) => `field ${one.collection}.${field.field} ${field.type} ${JSON.stringify(field.meta)} ${JSON.stringify(field.schema)}`,
      ),
    ]),
    ...model.relations.map((one) => `relation ${one.collection}.${one.field} -> ${one.related_collection} ${one.schema.on_delete}`),
    ...model.bookmarks.map((one) => `bookmark ${one.collection} ${JSON.stringify(one)}`),
    ...model.plainTables.map((one) => `plain ${one.name} ${JSON.stringify(one)}`),
    ...roles.map((one) => `role ${one.name} ${JSON.stringify(one)}`),
    ...ruleLines(),
    '',
  ].join('\n');

/** Names the model as a whole; start-up applies the model only when this changes. */
export const modelFingerprint = (): string => createHash('sha256').update(snapshotText()).digest('hex').slice(0, 16);

/** What of the model a Directus lacks or has differently. Needs an admin token. */
export const findDifferences = async (store: Store, model: DirectusModel = directusModel()): Promise<Difference[]> => [
  ...(await collectionDifferences(store, model)),
  ...(await relationDifferences(store, model)),
  ...(await bookmarkDifferences(store, model)),
  ...(await plainTableDifferences(store, model)),
  ...(await roleDifferences(store)),
  ...(await ruleDifferences(store)),
];

/** Applies the model; running it again changes nothing. Returns what was mended and what only a person can mend. */
export const applyModel = async (store: Store, onStep: (what: string) => void = () => undefined): Promise<{ mended: string[]; left: string[] }> => {
  const mended: string[] = [];
  // Links need both collections, so a first pass may leave some for a second; nothing needs a third.
  for (const pass of [1, 2]) {
    const open = (await findDifferences(store)).filter((one) => one.mend);
    if (!open.length) break;
    for (const difference of open) {
      await difference.mend?.();
      mended.push(difference.what);
      if (pass === 1) onStep(difference.what);
    }
  }
  await store.call('POST', '/kehou-ingest/applied-model', appliedOf(directusModel()));
  return { mended, left: (await findDifferences(store)).map((one) => one.what) };
};
