type Env = Readonly<Record<string, string | undefined>>;
export interface Font {
  readonly family: string;
  readonly package: string;
  readonly use: string;
}
export const fonts: readonly Font[];
export function isNewEnough(version: string): boolean;
export function nodePackage(): string;
export function ownNode(root: string): { readonly folder: string; readonly bin: string; readonly program: string };
export function nodeProgram(root: string): string;
export function findBrowser(env: Env): string | null;
export function missingFonts(): Font[];
export function hasProgram(name: string, env: Env): boolean;
export function canUseApt(env: Env): boolean;
