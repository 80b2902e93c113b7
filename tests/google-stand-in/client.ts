/**
 * The real googleapis client pointed at a stand-in, as tests use it.
 * Never used outside tests: it names its caller without any key.
 */
import { drive } from 'googleapis/build/src/apis/drive/index.js';
import { auth, sheets } from 'googleapis/build/src/apis/sheets/index.js';

/** `sheets` and `drive` as one person, by default without the client's own repeating of requests. */
export const openClients = (url: string, user: string, retry = false) => {
  const client = new auth.OAuth2();
  client.setCredentials({ access_token: user });
  const options = { auth: client, rootUrl: `${url}/`, retry } as const;
  return { sheets: sheets({ version: 'v4', ...options }), drive: drive({ version: 'v3', ...options }) };
};

export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** `error.status` of Sheets. */
  readonly code: string | undefined;
  /** `errors[0].reason` of Drive. */
  readonly reason: string | undefined;
  readonly details: unknown;
}

interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly status?: string;
    readonly errors?: readonly { readonly reason: string }[];
    readonly details?: unknown;
  };
}

/** What a call was refused with; throws when it was not. */
export const refusalOf = async (call: Promise<unknown>): Promise<Refusal> => {
  const failed = await call.then(
    () => null,
    (error: { response?: { status: number; data: ErrorBody } }) => error,
  );
  if (!failed) throw new Error('the call was not refused');
  if (!failed.response) throw failed;
  const { error } = failed.response.data;
  return { status: failed.response.status, message: error.message, code: error.status, reason: error.errors?.[0]?.reason, details: error.details };
};

/** One plain HTTP request as a person; `body` is sent as JSON. */
export const fetchAs = (url: string, user: string, method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${user}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
