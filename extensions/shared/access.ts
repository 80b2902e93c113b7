/**
 * Whether a caller may write certain tables: our endpoints grant nothing that Directus itself would refuse.
 */
import type { Knex } from 'knex';

/** What Directus knows of a caller. */
export interface Caller {
  readonly user: string | null;
  readonly roles: readonly string[];
  readonly admin: boolean;
  readonly ip?: string | null;
  readonly userAgent?: string | null;
  readonly origin?: string | null;
}

/** The tables of `wanted` on which the caller may not do all of `actions`. */
export const refusedTables = async (
  database: Knex,
  caller: Caller | null | undefined,
  wanted: readonly string[],
  actions: readonly ('read' | 'create' | 'update')[] = ['read', 'create', 'update'],
): Promise<string[]> => {
  if (caller?.admin) return [];
  if (!caller?.user) return [...wanted];
  const granted: { collection: string; action: string }[] = await database('directus_permissions')
    .join('directus_access', 'directus_access.policy', 'directus_permissions.policy')
    .where((query) => query.where('directus_access.user', caller.user).orWhereIn('directus_access.role', [...caller.roles]))
    .whereIn('directus_permissions.collection', [...wanted])
    .select('directus_permissions.collection', 'directus_permissions.action');
  const allowed = new Set(granted.map((one) => `${one.collection}/${one.action}`));
  return wanted.filter((table) => !actions.every((action) => allowed.has(`${table}/${action}`)));
};
