/**
 * `spreadsheets.batchUpdate`: every request in order on a copy, all or none, with one reply for each.
 * What a request does is in requests/.
 */
import { ApiError, invalid, invalidBody } from '../errors.ts';
import { assertGridLimits, type Editing } from './access.ts';
import type { Reply, Request } from './model.ts';
import { isGoogleRequest, requestHandlers } from './requests/index.ts';
import { naming } from './value-range.ts';

type Kind = keyof Request;

const kindOf = (request: unknown, index: number): Kind => {
  const field = `requests[${index}]`;
  if (typeof request !== 'object' || request === null)
    throw invalidBody(field, `Invalid value at '${field}' (type.googleapis.com/google.apps.sheets.v4.Request), ${JSON.stringify(request)}`);
  const kinds = Object.entries(request).filter(([, value]) => value !== null && value !== undefined);
  const unknown = kinds.find(([kind]) => !isGoogleRequest(kind));
  if (unknown) throw invalidBody(field, `Invalid JSON payload received. Unknown name "${unknown[0]}" at '${field}': Cannot find field.`);
  if (!kinds.length) throw invalid(`Invalid ${field}: No request set.`);
  if (kinds.length > 1)
    throw invalidBody(field, `Invalid value at '${field}' (oneof), oneof field 'kind' is already set. Cannot set '${kinds[1]?.[0]}'`);
  return kinds[0]?.[0] as Kind;
};

/** Does one request. 501 for a kind that Google has and this stand-in has not: a loud no is better than a wrong yes. */
const apply = (editing: Editing, request: Request, kind: Kind): Reply => {
  const handler = requestHandlers[kind];
  if (!handler) throw new ApiError(501, `The stand-in does not know the request ${kind}.`);
  return (handler(editing, (request[kind] ?? {}) as Record<string, unknown>) ?? {}) as Reply;
};

/** Replies, one to one. Throws for the first bad request, with its index and kind in the text; the caller then drops the copy. */
export const batchUpdate = (editing: Editing, requests: unknown): Reply[] => {
  if (!Array.isArray(requests) || !requests.length) throw invalid('Must specify at least one request.');
  const kinds = requests.map((request, index) => kindOf(request, index));
  return kinds.map((kind, index) =>
    naming(`requests[${index}].${kind}`, () => {
      const reply = apply(editing, requests[index] as Request, kind);
      assertGridLimits(editing.book);
      return reply;
    }),
  );
};
