/**
 * Paths of both services and what answers them. Paths are split while still encoded; each part is decoded after routing,
 * so that a title may hold `/`, `:`, `!`, and `:append` behind a range is told from a range that ends so.
 */

import { exportFile } from '../drive/export.ts';
import { about, copyFile, createFile, type DriveCall, deleteFile, downloadFile, getFile, listFiles, updateFile } from '../drive/files.ts';
import {
  createPermission,
  deletePermission,
  getPermission,
  listChanges,
  listPermissions,
  startPageToken,
  updatePermission,
} from '../drive/sharing.ts';
import type { Service } from '../errors.ts';
import type { Metric } from '../quotas.ts';
import * as sheets from '../sheets/calls.ts';
import { type Answer, emptyAnswer, jsonAnswer } from './message.ts';

export interface Call extends DriveCall {
  /** Decoded parts of the path, in the order of the pattern's braces. */
  readonly parts: readonly string[];
}

export interface Route {
  readonly service: Service;
  readonly metric: Metric;
  readonly method: string;
  readonly pattern: RegExp;
  readonly answer: (call: Call) => Answer;
}

/** `/v4/spreadsheets/{}/values/{}:append` as an expression; `{}` is one part of the path, still encoded. */
const toPattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/[.:]/g, '\\$&').replaceAll('{}', '([^/]+?)')}$`);

const sheetsRoute = (metric: Metric, method: string, path: string, work: (call: Call) => unknown): Route => ({
  service: 'sheets',
  metric,
  method,
  pattern: toPattern(path),
  answer: (call) => jsonAnswer(200, work(call)),
});

const driveRoute = (method: string, path: string, work: (call: Call) => unknown): Route => ({
  service: 'drive',
  metric: 'drive',
  method,
  pattern: toPattern(path),
  answer: (call) => jsonAnswer(200, work(call)),
});

const withoutBody = (route: Route, work: (call: Call) => void): Route => ({
  ...route,
  answer: (call) => {
    work(call);
    return emptyAnswer();
  },
});

const one = (call: Call): string => call.parts[0] ?? '';
const two = (call: Call): string => call.parts[1] ?? '';
const nothing = (): undefined => undefined;

const book = '/v4/spreadsheets/{}';
const values = `${book}/values`;
const files = '/drive/v3/files';

/** The first that fits counts: verbs after a colon stand before plain paths. */
export const routes: readonly Route[] = [
  sheetsRoute('write', 'POST', '/v4/spreadsheets', sheets.create),
  sheetsRoute('write', 'POST', `${book}:batchUpdate`, sheets.batch),
  sheetsRoute('read', 'POST', `${book}:getByDataFilter`, sheets.getByFilter),
  sheetsRoute('read', 'GET', book, sheets.get),
  sheetsRoute('read', 'GET', `${values}:batchGet`, sheets.valuesBatchGet),
  sheetsRoute('write', 'POST', `${values}:batchUpdate`, sheets.valuesBatchUpdate),
  sheetsRoute('write', 'POST', `${values}:batchClear`, sheets.valuesBatchClear),
  sheetsRoute('read', 'POST', `${values}:batchGetByDataFilter`, sheets.valuesBatchGetByFilter),
  sheetsRoute('write', 'POST', `${values}:batchUpdateByDataFilter`, sheets.valuesBatchUpdateByFilter),
  sheetsRoute('write', 'POST', `${values}:batchClearByDataFilter`, sheets.valuesBatchClearByFilter),
  sheetsRoute('write', 'POST', `${values}/{}:append`, sheets.valuesAppend),
  sheetsRoute('write', 'POST', `${values}/{}:clear`, sheets.valuesClear),
  sheetsRoute('read', 'GET', `${values}/{}`, sheets.valuesGet),
  sheetsRoute('write', 'PUT', `${values}/{}`, sheets.valuesUpdate),
  sheetsRoute('write', 'POST', `${book}/sheets/{}:copyTo`, sheets.copyTo),
  sheetsRoute('read', 'POST', `${book}/developerMetadata:search`, sheets.metadataSearch),
  sheetsRoute('read', 'GET', `${book}/developerMetadata/{}`, sheets.metadataGet),
  driveRoute('GET', '/drive/v3/about', about),
  driveRoute('GET', '/drive/v3/changes/startPageToken', startPageToken),
  driveRoute('GET', '/drive/v3/changes', listChanges),
  driveRoute('GET', files, listFiles),
  driveRoute('POST', files, createFile),
  driveRoute('POST', `${files}/{}/copy`, (call) => copyFile(call, one(call))),
  {
    ...driveRoute('GET', `${files}/{}/export`, nothing),
    answer: (call) => ({ status: 200, ...exportFile(call, one(call)) }),
  },
  driveRoute('GET', `${files}/{}/permissions`, (call) => listPermissions(call, one(call))),
  driveRoute('POST', `${files}/{}/permissions`, (call) => createPermission(call, one(call))),
  driveRoute('GET', `${files}/{}/permissions/{}`, (call) => getPermission(call, one(call), two(call))),
  driveRoute('PATCH', `${files}/{}/permissions/{}`, (call) => updatePermission(call, one(call), two(call))),
  withoutBody(driveRoute('DELETE', `${files}/{}/permissions/{}`, nothing), (call) => deletePermission(call, one(call), two(call))),
  {
    ...driveRoute('GET', `${files}/{}`, nothing),
    answer: (call) =>
      call.query.get('alt') === 'media' ? { status: 200, ...downloadFile(call, one(call)) } : jsonAnswer(200, getFile(call, one(call))),
  },
  driveRoute('PATCH', `${files}/{}`, (call) => updateFile(call, one(call))),
  withoutBody(driveRoute('DELETE', `${files}/{}`, nothing), (call) => deleteFile(call, one(call))),
];

export interface Matched {
  readonly route: Route;
  readonly parts: readonly string[];
}

const decode = (part: string): string | null => {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
};

/** The route of a path that is still encoded; null: Google has no such address. */
export const findRoute = (method: string, path: string): Matched | null => {
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (!match) continue;
    const parts = match.slice(1).map(decode);
    return parts.includes(null) ? null : { route, parts: parts as string[] };
  }
  return null;
};
