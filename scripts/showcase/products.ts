/**
 * What communications staff take away: articles for 公众号 and briefs, as files in one folder with a list of which cases are in each.
 * A file goes as soon as one of its cases is withdrawn.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Product {
  readonly file: string;
  readonly kind: '公众号' | '简报';
  readonly title: string;
  readonly cases: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

const listFile = 'list.json';

export const readProducts = async (folder: string): Promise<Product[]> => {
  try {
    return JSON.parse(await readFile(join(folder, listFile), 'utf8')) as Product[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

const writeWhole = async (path: string, content: string | Uint8Array): Promise<void> => {
  await writeFile(`${path}.part`, content);
  await rename(`${path}.part`, path);
};

const writeList = (folder: string, products: readonly Product[]): Promise<void> =>
  writeWhole(join(folder, listFile), `${JSON.stringify(products, null, 1)}\n`);

/** Without what a file name may not hold on one system or another. */
export const asFileName = (text: string): string =>
  text
    .replaceAll(/[\\/:*?"<>|\s\p{Cc}.#%&]+/gu, '_')
    .slice(0, 40)
    .replaceAll(/^_+|_+$/g, '') || '案例';

/** Puts files of one product into the folder; one of the same name is replaced. */
export const saveProducts = async (
  folder: string,
  files: readonly { readonly product: Product; readonly content: string | Uint8Array }[],
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const { product, content } of files) await writeWhole(join(folder, product.file), content);
  const names = new Set(files.map(({ product }) => product.file));
  const others = (await readProducts(folder)).filter(({ file }) => !names.has(file));
  await writeList(folder, [...files.map(({ product }) => product), ...others]);
};

/** Deletes whatever holds one of these cases. Returns the names of the files. */
export const dropProducts = async (folder: string, cases: ReadonlySet<string>): Promise<string[]> => {
  const products = await readProducts(folder);
  const gone = products.filter((product) => product.cases.some((id) => cases.has(id)));
  if (gone.length === 0) return [];
  for (const { file } of gone) await rm(join(folder, file), { force: true });
  await writeList(
    folder,
    products.filter((product) => !gone.includes(product)),
  );
  return gone.map(({ file }) => file);
};
