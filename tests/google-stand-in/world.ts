/**
 * Everything the stand-in remembers: files, who may see them, and the log of changes. Times move with writes and not with reads.
 * Never speaks HTTP.
 */
import { noSuchEntity, noSuchFile, notEnoughRights, notPermitted } from './errors.ts';
import { type Random, randomId } from './random.ts';
import type { Editing } from './sheets/access.ts';
import { type Book, newBook } from './sheets/model.ts';

export const folderType = 'application/vnd.google-apps.folder';
export const spreadsheetType = 'application/vnd.google-apps.spreadsheet';

export type Role = 'owner' | 'organizer' | 'fileOrganizer' | 'writer' | 'commenter' | 'reader';
const rank: Readonly<Record<Role, number>> = { reader: 1, commenter: 2, writer: 3, fileOrganizer: 4, organizer: 5, owner: 6 };

export interface Permission {
  readonly id: string;
  readonly type: 'user' | 'group' | 'domain' | 'anyone';
  readonly emailAddress?: string;
  readonly domain?: string;
  role: Role;
}

export interface DriveFile {
  readonly id: string;
  name: string;
  readonly mimeType: string;
  parents: string[];
  trashed: boolean;
  starred: boolean;
  description: string | undefined;
  properties: Record<string, string>;
  appProperties: Record<string, string>;
  readonly createdTime: number;
  modifiedTime: number;
  version: number;
  lastModifyingUser: string;
  permissions: Permission[];
  /** Only of a spreadsheet. */
  book: Book | undefined;
  /** Only of a file that was uploaded: a photo, a PDF. */
  content: Buffer | undefined;
}

interface Change {
  readonly fileId: string;
  /** Those who could see the file just before or after. */
  readonly audience: ReadonlySet<string>;
  readonly time: number;
}

/** A mail that sharing a file would have sent. */
export interface Notice {
  readonly to: string;
  readonly fileId: string;
  readonly message: string;
}

export interface WorldOptions {
  readonly now: () => number;
  readonly random: Random;
  readonly account: { readonly locale: string; readonly timeZone: string; readonly firstTitle: string };
}

/** A copy that shares the cells: an edit puts a new cell in the place of an old one, and never changes one. */
const copyBook = (book: Book): Book => ({
  ...structuredClone({ ...book, sheets: [] }),
  sheets: book.sheets.map((sheet) => ({ ...structuredClone({ ...sheet, rows: [] }), rows: sheet.rows.map((cells) => [...cells]) })),
});

export class World {
  readonly files = new Map<string, DriveFile>();
  readonly changes: Change[] = [];
  readonly notices: Notice[] = [];
  readonly options: WorldOptions;
  readonly #roots = new Map<string, string>();

  constructor(options: WorldOptions) {
    this.options = options;
  }

  /** The id of a person's own top folder. */
  rootOf(user: string): string {
    const id = this.#roots.get(user) ?? `0A${randomId(this.options.random, 17)}`;
    this.#roots.set(user, id);
    return id;
  }

  /** People with a right of their own or through a folder. */
  usersOf(file: DriveFile): Set<string> {
    const own = file.permissions.flatMap((permission) => permission.emailAddress ?? []);
    const above = file.parents.flatMap((id) => this.files.get(id) ?? []).flatMap((parent) => [...this.usersOf(parent)]);
    return new Set([...own, ...above]);
  }

  /** The strongest right a person has; null: none. */
  roleOf(file: DriveFile, user: string): Role | null {
    const own = file.permissions
      .filter(
        (one) => one.type === 'anyone' || one.emailAddress?.toLowerCase() === user.toLowerCase() || (one.domain && user.endsWith(`@${one.domain}`)),
      )
      .map((one) => one.role);
    const above = file.parents.flatMap((id) => this.files.get(id) ?? []).flatMap((parent) => this.roleOf(parent, user) ?? []);
    const strongest = [...own, ...above.map((role) => (role === 'owner' ? 'writer' : role))].toSorted((one, other) => rank[other] - rank[one])[0];
    return strongest ?? null;
  }

  ownerOf(file: DriveFile): string {
    return file.permissions.find((one) => one.role === 'owner')?.emailAddress ?? '';
  }

  /** A file the caller may see. Drive does not tell "missing" from "not shared". */
  fileFor(id: string, caller: string, atLeast: Role = 'reader'): DriveFile {
    const file = this.files.get(id);
    const role = file && this.roleOf(file, caller);
    if (!file || !role) throw noSuchFile(id);
    if (rank[role] < rank[atLeast]) throw notEnoughRights();
    return file;
  }

  /** A spreadsheet the caller may see or edit. Sheets does tell: 404 missing, 403 not shared. */
  sheetFileFor(id: string, caller: string, atLeast: Role = 'reader'): DriveFile & { book: Book } {
    const file = this.files.get(id);
    if (!file?.book) throw noSuchEntity();
    const role = this.roleOf(file, caller);
    if (!role || rank[role] < rank[atLeast]) throw notPermitted();
    return file as DriveFile & { book: Book };
  }

  log(file: DriveFile, alsoFor: Iterable<string> = []): void {
    this.changes.push({ fileId: file.id, audience: new Set([...this.usersOf(file), ...alsoFor]), time: this.options.now() });
  }

  childrenOf(folder: DriveFile): DriveFile[] {
    return folder.mimeType === folderType ? [...this.files.values()].filter((other) => other.parents.includes(folder.id)) : [];
  }

  /** After a write to the content or the name. Two writes in one millisecond still get different times. */
  touch(file: DriveFile, user: string): void {
    file.modifiedTime = Math.max(this.options.now(), file.modifiedTime + 1);
    file.lastModifyingUser = user;
    this.moveVersion(file);
  }

  /** After a change that is no edit: shared, moved. */
  moveVersion(file: DriveFile, alsoFor: Iterable<string> = []): void {
    file.version += 1;
    this.log(file, alsoFor);
  }

  /** After sharing, unsharing or moving: what lies in a folder is seen or lost along with it. `before`: who could see it until now. */
  moveSight(file: DriveFile, before: ReadonlySet<string>): void {
    this.moveVersion(file, before);
    for (const child of this.childrenOf(file)) this.moveSight(child, before);
  }

  addFile(
    owner: string,
    wanted: { name: string; mimeType: string; parents?: readonly string[]; id?: string; book?: (id: string) => Book; content?: Buffer },
  ): DriveFile {
    const id = wanted.id ?? randomId(this.options.random, wanted.mimeType === folderType ? 33 : 44);
    const time = this.options.now();
    const file: DriveFile = {
      id,
      name: wanted.name,
      mimeType: wanted.mimeType,
      parents: [...(wanted.parents?.length ? wanted.parents : [this.rootOf(owner)])],
      trashed: false,
      starred: false,
      description: undefined,
      properties: {},
      appProperties: {},
      createdTime: time,
      modifiedTime: time,
      version: 1,
      lastModifyingUser: owner,
      permissions: [{ id: this.permissionId(owner), type: 'user', emailAddress: owner, role: 'owner' }],
      book: wanted.book?.(id) ?? (wanted.mimeType === spreadsheetType ? newBook(id, { title: wanted.name }, this.options.account) : undefined),
      content: wanted.content,
    };
    this.files.set(id, file);
    this.log(file);
    return file;
  }

  /** A person has the same permission id on every file. */
  permissionId(user: string): string {
    let id = 0n;
    for (const letter of user.toLowerCase()) id = (id * 131n + BigInt(letter.codePointAt(0) ?? 0)) % 100_000_000_000_000_000_000n;
    return String(id).padStart(20, '1');
  }

  /** Takes a file out for good, and what is in it when it is a folder. */
  remove(file: DriveFile): void {
    for (const child of this.childrenOf(file)) this.remove(child);
    const audience = this.usersOf(file);
    this.files.delete(file.id);
    this.changes.push({ fileId: file.id, audience, time: this.options.now() });
  }

  /**
   * One edit of a spreadsheet: `work` gets a copy, which takes the place of the old content only when it succeeds.
   */
  edit<T>(id: string, caller: string, work: (editing: Editing) => T): T {
    const file = this.sheetFileFor(id, caller, 'writer');
    const book = copyBook(file.book);
    const { now, random } = this.options;
    const result = work({ book, caller, owner: this.ownerOf(file), random, thisYear: new Date(now()).getUTCFullYear() });
    file.book = book;
    file.name = book.properties.title;
    this.touch(file, caller);
    return result;
  }
}
