/**
 * The control calls over HTTP, for tests that run the stand-in as a process: `POST /_control/NAME` with a JSON object of arguments.
 * Google has nothing like it; it needs no token and is never counted or struck by faults.
 */
import type { Accounts } from './accounts.ts';
import { ApiError } from './errors.ts';
import { type Fault, FaultSpecError, type Faults } from './faults.ts';
import { type Answer, jsonAnswer, parseJson } from './http/message.ts';
import type { Noted } from './http/server.ts';
import type { People } from './people.ts';
import type { Limits, Quotas } from './quotas.ts';
import type { Request } from './sheets/model.ts';
import type { Role, World } from './world.ts';

export interface Controlled {
  readonly people: People;
  readonly accounts: Accounts;
  readonly faults: Faults;
  readonly quotas: Quotas;
  readonly world: World;
  readonly requests: Noted[];
  readonly advanceClock: (milliseconds: number) => void;
}

type Arguments = Readonly<Record<string, unknown>>;

class ControlError extends Error {}

const text = (args: Arguments, name: string): string => {
  const value = args[name];
  if (typeof value !== 'string' || !value) throw new ControlError(`"${name}" must be a text`);
  return value;
};

const number = (args: Arguments, name: string): number => {
  const value = args[name];
  if (typeof value !== 'number') throw new ControlError(`"${name}" must be a number`);
  return value;
};

const list = <T>(args: Arguments, name: string): readonly T[] => {
  const value = args[name];
  if (!Array.isArray(value)) throw new ControlError(`"${name}" must be a list`);
  return value as T[];
};

type Action = (on: Controlled, args: Arguments) => unknown;

const actions: Readonly<Record<string, Action>> = {
  editCells: ({ people }, args) =>
    people.editCells(text(args, 'fileId'), text(args, 'user'), text(args, 'range'), list(args, 'values'), args.raw === true),
  change: ({ people }, args) => people.change(text(args, 'fileId'), text(args, 'user'), list<Request>(args, 'requests')),
  sortTab: ({ people }, args) =>
    people.sortTab(text(args, 'fileId'), text(args, 'user'), text(args, 'title'), number(args, 'column'), args.descending === true),
  renameTab: ({ people }, args) => people.renameTab(text(args, 'fileId'), text(args, 'user'), text(args, 'title'), text(args, 'to')),
  share: ({ people }, args) => people.share(text(args, 'fileId'), text(args, 'email'), text(args, 'role') as Role),
  revokeShare: ({ people }, args) => people.revokeShare(text(args, 'fileId'), text(args, 'email')),
  deleteFile: ({ people }, args) => people.deleteFile(text(args, 'fileId')),
  trashFile: ({ people }, args) => people.trashFile(text(args, 'fileId'), args.trashed !== false),
  createSpreadsheet: ({ people }, args) => ({
    id: people.createSpreadsheet(text(args, 'user'), text(args, 'name'), {
      titles: args.titles === undefined ? [] : list<string>(args, 'titles'),
      parents: args.parents === undefined ? [] : list<string>(args, 'parents'),
    }),
  }),
  createFolder: ({ people }, args) => ({ id: people.createFolder(text(args, 'user'), text(args, 'name')) }),
  fillCells: ({ people }, args) => people.fillCells(text(args, 'fileId'), number(args, 'total')),
  shown: ({ people }, args) => ({ rows: people.shown(text(args, 'fileId'), text(args, 'title')) }),
  expireTokens: ({ accounts }, args) => accounts.expireTokens(args.email === undefined ? undefined : text(args, 'email')),
  revokeKey: ({ accounts }, args) => accounts.revokeKey(text(args, 'email')),
  registerKey: ({ accounts }, args) => accounts.registerKey(text(args, 'email'), text(args, 'publicKey')),
  setFaults: ({ faults }, args) => faults.set(list<Fault | string>(args, 'faults')),
  setQuotas: ({ quotas }, args) => quotas.set((args.limits ?? null) as Partial<Limits> | null),
  advanceClock: ({ advanceClock }, args) => advanceClock(number(args, 'milliseconds')),
  requests: ({ requests }) => ({ requests }),
  forgetRequests: ({ requests }) => void requests.splice(0),
  notices: ({ world }) => ({ notices: world.notices }),
};

/** 200 with the result or {}; 400 with a sentence for wrong arguments, 404 with the names of the calls for an unknown one. */
export const controlCalls =
  (on: Controlled) =>
  (method: string, path: string, bytes: Buffer): Answer => {
    const name = path.replace(/^\/_control\/?/, '');
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) return jsonAnswer(404, { error: `no control call "${name}"`, calls: Object.keys(actions) });
    if (method !== 'POST') return jsonAnswer(405, { error: 'control calls are POST' });
    try {
      return jsonAnswer(200, action(on, parseJson(bytes)) ?? {});
    } catch (error) {
      if (error instanceof ControlError || error instanceof ApiError || error instanceof FaultSpecError)
        return jsonAnswer(400, { error: error.message });
      throw error;
    }
  };
