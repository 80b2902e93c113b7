/**
 * What Directus' Core tier (no licence key) allows, and whether a model stays within it.
 * Pure; it only counts. The numbers are CORE_LICENSE of @directus/license 0.4 as shipped with Directus 12.4.0.
 */

export const coreLimits = {
  /** Active collections with Directus metadata; folders and plain tables do not count. */
  collections: 25,
  /** Active users with app or admin access; a service with a token takes none. */
  seats: 3,
  /** Active flows. */
  flows: 5,
} as const;

export interface CoreUse {
  readonly collections: readonly string[];
  /** Names of the people who may sign in to the screens. */
  readonly seats: readonly string[];
  readonly flows: readonly string[];
  readonly permissions: readonly {
    readonly collection: string;
    readonly action: string;
    readonly fields: readonly string[] | null;
    readonly permissions?: unknown;
    readonly validation?: unknown;
    readonly presets?: unknown;
  }[];
}

const isFilled = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** The Core tier counts a permission as custom when it names fields, filters rows, or checks or presets values. */
const isCustom = (one: CoreUse['permissions'][number]): boolean =>
  one.fields?.includes('*') !== true || isFilled(one.permissions) || isFilled(one.validation) || isFilled(one.presets);

const tooMany = (what: string, found: readonly string[], limit: number): string[] =>
  found.length > limit ? [`${what}有 ${found.length} 个,Core 版最多 ${limit} 个:${found.join('、')}`] : [];

/** What would not run without a licence key, in plain words; empty when all fits. */
export const checkCoreLimits = (use: CoreUse): string[] => [
  ...tooMany('数据集合', use.collections, coreLimits.collections),
  ...tooMany('可登录管理界面的账号', use.seats, coreLimits.seats),
  ...tooMany('自动流程', use.flows, coreLimits.flows),
  ...use.permissions.filter(isCustom).map((one) => `权限 ${one.collection}:${one.action} 不是整个集合、全部字段,Core 版不允许`),
];
