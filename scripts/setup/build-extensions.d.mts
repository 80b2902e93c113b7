export function hashOf(paths: readonly string[], root: string): string;
export function extensionFolders(root: string): string[];
export function extensionHash(root: string, folder: string): string;
export function buildExtension(node: string, root: string, folder: string, env: Record<string, string | undefined>): Promise<string>;
