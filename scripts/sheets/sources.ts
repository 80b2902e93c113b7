/**
 * The places where this county's schools keep their sheets, from its settings. A new kind of source is named here.
 */
import type { Config } from '../config.ts';
import { folderSource } from './folder-source.ts';
import { googleSource } from './google-source.ts';
import type { SheetSource } from './source.ts';
import { webdavSource } from './webdav-source.ts';

/** The folder is always there; the others where they are set up. Nothing is opened or called yet. */
export const sheetSources = (config: Config): SheetSource[] => [
  folderSource(config.sheetsDir, { poll: config.sheetsWatch === 'poll' }),
  ...(config.google ? [googleSource(config.google)] : []),
  ...(config.webdav ? [webdavSource(config.webdav)] : []),
];
