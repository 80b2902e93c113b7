import type { Stage } from './stages.mjs';

type Env = Readonly<Record<string, string | undefined>>;
export const nativeAddons: readonly string[];
export function toolEnvironment(root: string, env: Env): Record<string, string | undefined>;
export function stagesFor(root: string, env: Env, needs: { readonly browser: boolean; readonly extensions: boolean }): Stage[];
