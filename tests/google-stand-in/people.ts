/**
 * What people and administrators do to the files besides the API: type into cells, sort and rename tabs, delete files, take rights away.
 * Uses the same edits as the API, without its quotas and faults.
 */
import { rename } from './drive/files.ts';
import { sheetByTitle } from './sheets/a1.ts';
import { batchUpdate } from './sheets/batch.ts';
import { usedArea } from './sheets/grid.ts';
import { type Book, cellCount, type Request, type Sheet } from './sheets/model.ts';
import { formattedValue } from './sheets/output.ts';
import { updateValues } from './sheets/values.ts';
import type { DriveFile, Role, World } from './world.ts';

export interface People {
  /** A person types into cells: `range` as `'学生'!B2`, values row by row. Parsed as typed unless `raw`. */
  editCells(fileId: string, user: string, range: string, values: readonly (readonly unknown[])[], raw?: boolean): void;
  /** Any requests of batchUpdate, done by a person. */
  change(fileId: string, user: string, requests: readonly Request[]): void;
  /** Sorts the rows below the header by a column (from 0), as the menu does: values move, row metadata stays. */
  sortTab(fileId: string, user: string, title: string, column: number, descending?: boolean): void;
  renameTab(fileId: string, user: string, title: string, to: string): void;
  renameFile(fileId: string, user: string, name: string): void;
  share(fileId: string, email: string, role: Role): void;
  revokeShare(fileId: string, email: string): void;
  deleteFile(fileId: string): void;
  trashFile(fileId: string, trashed?: boolean): void;
  /** A new spreadsheet of a person, with one tab for each title. Its id. */
  createSpreadsheet(user: string, name: string, options?: { titles?: readonly string[]; parents?: readonly string[] }): string;
  createFolder(user: string, name: string): string;
  /** A file that is no document of Google's: a photo. Its id. */
  uploadFile(user: string, name: string, mimeType: string, content: Buffer, parents?: readonly string[]): string;
  /** Lets the spreadsheet count so many cells in all, to meet the limit of 10,000,000. */
  fillCells(fileId: string, total: number): void;
  /** What a tab shows, row by row; for looking, not counted as a read. */
  shown(fileId: string, title: string): string[][];
}

const fileOf = (world: World, id: string): DriveFile => {
  const file = world.files.get(id);
  if (!file) throw new Error(`no file ${id}`);
  return file;
};

const bookOf = (world: World, id: string): Book => {
  const { book } = fileOf(world, id);
  if (!book) throw new Error(`${id} is no spreadsheet`);
  return book;
};

const tabOf = (book: Book, title: string): Sheet => {
  const sheet = sheetByTitle(book, title);
  if (!sheet) throw new Error(`no tab ${title}`);
  return sheet;
};

export const openPeople = (world: World): People => {
  const change: People['change'] = (fileId, user, requests) => void world.edit(fileId, user, (editing) => batchUpdate(editing, requests));
  return {
    change,
    editCells(fileId, user, range, values, raw = false) {
      const options: Readonly<Record<string, string>> = { valueInputOption: raw ? 'RAW' : 'USER_ENTERED' };
      world.edit(fileId, user, (editing) => updateValues(editing, range, { values }, (name) => options[name]));
    },
    sortTab(fileId, user, title, column, descending = false) {
      const sheet = tabOf(bookOf(world, fileId), title);
      const range = { sheetId: sheet.properties.sheetId, startRowIndex: 1, endRowIndex: Math.max(2, usedArea(sheet).bottom) };
      change(fileId, user, [{ sortRange: { range, sortSpecs: [{ dimensionIndex: column, sortOrder: descending ? 'DESCENDING' : 'ASCENDING' }] } }]);
    },
    renameFile(fileId, user, name) {
      const file = fileOf(world, fileId);
      rename(file, name);
      world.touch(file, user);
    },
    renameTab(fileId, user, title, to) {
      const { sheetId } = tabOf(bookOf(world, fileId), title).properties;
      change(fileId, user, [{ updateSheetProperties: { properties: { sheetId, title: to }, fields: 'title' } }]);
    },
    share(fileId, email, role) {
      const file = fileOf(world, fileId);
      const before = world.usersOf(file);
      file.permissions = [
        ...file.permissions.filter((one) => one.emailAddress !== email),
        { id: world.permissionId(email), type: 'user', emailAddress: email, role },
      ];
      world.moveSight(file, before);
    },
    revokeShare(fileId, email) {
      const file = fileOf(world, fileId);
      file.permissions = file.permissions.filter((one) => one.emailAddress !== email);
      world.moveSight(file, new Set([email]));
    },
    deleteFile: (fileId) => world.remove(fileOf(world, fileId)),
    trashFile(fileId, trashed = true) {
      const file = fileOf(world, fileId);
      file.trashed = trashed;
      world.moveVersion(file);
    },
    createSpreadsheet(user, name, { titles = [], parents = [] } = {}) {
      const mimeType = 'application/vnd.google-apps.spreadsheet';
      const file = world.addFile(user, { name, mimeType, parents });
      const [first, ...more] = titles;
      if (first) change(file.id, user, [{ updateSheetProperties: { properties: { sheetId: 0, title: first }, fields: 'title' } }]);
      if (more.length)
        change(
          file.id,
          user,
          more.map((title) => ({ addSheet: { properties: { title } } })),
        );
      return file.id;
    },
    createFolder: (user, name) => world.addFile(user, { name, mimeType: 'application/vnd.google-apps.folder' }).id,
    uploadFile: (user, name, mimeType, content, parents = []) => world.addFile(user, { name, mimeType, content, parents }).id,
    fillCells(fileId, total) {
      const book = bookOf(world, fileId);
      book.reservedCells += total - cellCount(book);
    },
    shown(fileId, title) {
      const book = bookOf(world, fileId);
      const sheet = tabOf(book, title);
      const { bottom, right } = usedArea(sheet);
      return Array.from({ length: bottom }, (_, row) => Array.from({ length: right }, (_cell, column) => formattedValue(book, sheet, row, column)));
    },
  };
};
