/**
 * The faults Google answers with, and their two bodies: the form of Sheets v4 and the older form of Drive v3.
 * Never decides when a fault happens.
 */
export type Service = 'sheets' | 'drive';

const codes: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
};

/** What only the older form says; both services can throw it. */
export interface OlderForm {
  readonly reason: string;
  readonly domain?: string;
  readonly location?: string;
  readonly locationType?: string;
}

export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly details: readonly unknown[] | undefined;
  readonly older: OlderForm | undefined;
  constructor(status: number, message: string, more: { details?: readonly unknown[]; older?: OlderForm } = {}) {
    super(message);
    this.status = status;
    this.details = more.details;
    this.older = more.older;
  }
}

export const invalid = (message: string): ApiError => new ApiError(400, message, { older: { reason: 'badRequest' } });

/** A body of the wrong shape; `field` as `data.values`, or '' for the whole. */
export const invalidBody = (field: string, description: string): ApiError =>
  new ApiError(400, description, {
    details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ ...(field ? { field } : {}), description }] }],
  });

export const unparsableRange = (range: string): ApiError => invalid(`Unable to parse range: ${range}`);

export const unauthenticated = (): ApiError =>
  new ApiError(
    401,
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    { older: { reason: 'authError', location: 'Authorization', locationType: 'header' } },
  );

export const notPermitted = (): ApiError => new ApiError(403, 'The caller does not have permission', { older: { reason: 'forbidden' } });
export const noSuchEntity = (): ApiError => new ApiError(404, 'Requested entity was not found.', { older: { reason: 'notFound' } });

export const noSuchFile = (id: string): ApiError =>
  new ApiError(404, `File not found: ${id}.`, { older: { reason: 'notFound', location: 'fileId', locationType: 'parameter' } });

export const notEnoughRights = (): ApiError =>
  new ApiError(403, 'The user does not have sufficient permissions for this file.', { older: { reason: 'insufficientFilePermissions' } });

export const invalidParameter = (name: string, message = 'Invalid Value'): ApiError =>
  new ApiError(400, message, { older: { reason: 'invalid', location: name, locationType: 'parameter' } });

const quotaDetails = (metric: string, limit: string, service: string) => [
  {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'RATE_LIMIT_EXCEEDED',
    domain: 'googleapis.com',
    metadata: { service, quota_metric: metric, quota_limit: limit, consumer: 'projects/1046' },
  },
];

/** 429 of Sheets. `kind`: which of the two counts ran out; `per`: whose. */
export const sheetsQuotaExceeded = (kind: 'Read' | 'Write', per: 'user' | 'project'): ApiError => {
  const limit = `${kind} requests per minute${per === 'user' ? ' per user' : ''}`;
  return new ApiError(
    429,
    `Quota exceeded for quota metric '${kind} requests' and limit '${limit}' of service 'sheets.googleapis.com' for consumer 'project_number:1046'.`,
    {
      details: quotaDetails(
        `sheets.googleapis.com/${kind.toLowerCase()}_requests`,
        `${kind}RequestsPerMinutePer${per === 'user' ? 'User' : 'Project'}`,
        'sheets.googleapis.com',
      ),
      older: { reason: 'rateLimitExceeded', domain: 'global' },
    },
  );
};

/** Drive over its quota: 403, which is not a fault of permission, or 429. */
export const driveQuotaExceeded = (status: 403 | 429 = 403, per: 'user' | 'project' = 'user'): ApiError =>
  new ApiError(status, per === 'user' ? 'User Rate Limit Exceeded' : 'Rate Limit Exceeded', {
    older: { domain: 'usageLimits', reason: per === 'user' && status === 403 ? 'userRateLimitExceeded' : 'rateLimitExceeded' },
  });

export const internalError = (): ApiError => new ApiError(500, 'Internal error encountered.', { older: { reason: 'internalError' } });
export const unavailable = (): ApiError => new ApiError(503, 'The service is currently unavailable.', { older: { reason: 'backendError' } });

/** The JSON body of a fault, as the service spells it. */
export const errorBody = (error: ApiError, service: Service): unknown =>
  service === 'sheets'
    ? {
        error: {
          code: error.status,
          message: error.message,
          status: codes[error.status] ?? 'UNKNOWN',
          ...(error.details ? { details: error.details } : {}),
        },
      }
    : {
        error: {
          code: error.status,
          message: error.message,
          errors: [{ message: error.message, domain: 'global', ...(error.older ?? { reason: 'badRequest' }) }],
        },
      };

/** What a front end answers in place of the service. */
export const badGatewayPage = `<!DOCTYPE html>
<html lang=en>
  <meta charset=utf-8>
  <title>Error 502 (Server Error)!!1</title>
  <p><b>502.</b> <ins>That’s an error.</ins>
  <p>The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.  <ins>That’s all we know.</ins>
`;
