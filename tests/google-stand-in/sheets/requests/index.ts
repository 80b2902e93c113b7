/**
 * All kinds of requests this stand-in does, and the names of all that Google has.
 * A name that is in neither is an unknown field.
 */
import type { Editing } from '../access.ts';
import type { Request } from '../model.ts';
import { cellRequests } from './cells.ts';
import { groupRequests } from './groups.ts';
import { lineRequests } from './lines.ts';
import { looksRequests } from './looks.ts';
import { metadataRequests } from './metadata.ts';
import { pasteRequests } from './paste.ts';
import { protectionRequests } from './protection.ts';
import { sheetRequests } from './sheets.ts';
import { textRequests } from './text.ts';

/** The body is checked by the handler that gets it; which handler gets it is decided by its name alone. Replies are held by `Handlers`. */
type AnyHandler = (editing: Editing, request: Record<string, unknown>) => unknown;

const handlers = {
  ...sheetRequests,
  ...cellRequests,
  ...groupRequests,
  ...lineRequests,
  ...looksRequests,
  ...metadataRequests,
  ...pasteRequests,
  ...protectionRequests,
  ...textRequests,
};

export const requestHandlers: Readonly<Partial<Record<keyof Request, AnyHandler>>> = handlers;

/** Every other kind Google has; a kind that is in neither list does not compile. */
const unknownHere: Readonly<Record<Exclude<keyof Request, keyof typeof handlers>, true>> = {
  addBanding: true,
  addChart: true,
  addCommentReply: true,
  addDataSource: true,
  addFilterView: true,
  addSlicer: true,
  addTable: true,
  autoFill: true,
  cancelDataSourceRefresh: true,
  deleteBanding: true,
  deleteComment: true,
  deleteCommentReply: true,
  deleteDataSource: true,
  deleteEmbeddedObject: true,
  deleteFilterView: true,
  deleteTable: true,
  duplicateFilterView: true,
  insertComment: true,
  pasteData: true,
  randomizeRange: true,
  refreshDataSource: true,
  updateBanding: true,
  updateChartSpec: true,
  updateCommentPost: true,
  updateDataSource: true,
  updateEmbeddedObjectBorder: true,
  updateEmbeddedObjectPosition: true,
  updateFilterView: true,
  updateSlicerSpec: true,
  updateTable: true,
};

/** True for every kind of request that Google's API has. */
export const isGoogleRequest = (kind: string): boolean => Object.hasOwn(requestHandlers, kind) || Object.hasOwn(unknownHere, kind);
