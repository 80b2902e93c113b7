/**
 * All kinds of requests this stand-in does, and the names of all that Google has.
 * A name that is in neither is an unknown field.
 */
import type { Editing } from '../access.ts';
import type { Request } from '../model.ts';
import { cellRequests } from './cells.ts';
import { lineRequests } from './lines.ts';
import { sheetRequests } from './sheets.ts';

/** The body is checked by the handler that gets it; which handler gets it is decided by its name alone. Replies are held by `Handlers`. */
type AnyHandler = (editing: Editing, request: Record<string, unknown>) => unknown;

export const requestHandlers: Readonly<Partial<Record<keyof Request, AnyHandler>>> = { ...sheetRequests, ...cellRequests, ...lineRequests };

const unknownHere = [
  'addBanding',
  'addChart',
  'addDataSource',
  'addDimensionGroup',
  'addFilterView',
  'addSlicer',
  'addTable',
  'autoFill',
  'cancelDataSourceRefresh',
  'deleteBanding',
  'deleteDataSource',
  'deleteDimensionGroup',
  'deleteEmbeddedObject',
  'deleteFilterView',
  'deleteTable',
  'duplicateFilterView',
  'pasteData',
  'randomizeRange',
  'refreshDataSource',
  'updateBanding',
  'updateChartSpec',
  'updateDataSource',
  'updateDimensionGroup',
  'updateEmbeddedObjectBorder',
  'updateEmbeddedObjectPosition',
  'updateFilterView',
  'updateSlicerSpec',
  'updateTable',
] as const satisfies readonly (keyof Request)[];

/** True for every kind of request that Google's API has. */
export const isGoogleRequest = (kind: string): boolean => kind in requestHandlers || (unknownHere as readonly string[]).includes(kind);
