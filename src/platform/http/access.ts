import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiResponse, ApiSecurity, getSchemaPath } from '@nestjs/swagger';
import type { ErrorCode } from '../../kernel/domain-error';
import { ERROR_CATALOGUE } from './error-catalogue';
import { Problem, problemOf } from './problem.dto';

/** Who may call a route. Every route declares one; the service does not start with a route that does not. */
export type Access = PublicAccess | GuardedAccess;

export type PublicAccess = {
  readonly kind: 'public';
  readonly knowsCaller: boolean;
  /** What the query may ask for, by `name=true` or `name=1`, that not everybody may have. */
  readonly guards?: { readonly parameter: string; readonly rule: GuardedAccess };
};

export type GuardedAccess = {
  readonly kind: 'guarded';
  /** With which kind of credential. */
  readonly by: 'any' | 'session' | 'api_key';
  /** Whether the user must have proven who they are within STEP_UP_TTL. */
  readonly fresh: boolean;
  /** What the caller must hold in the active tenant; null: nothing. */
  readonly permission: string | null;
};

export const ACCESS = 'doorward:access';
export const EVEN_CONFINED = 'doorward:even-confined';
export const BEARER_SCHEME = 'bearer';
export const API_KEY_SCHEME = 'api-key';

/** What every route with a body may answer, beside that the body could not be read. */
const NEEDS_BODY: readonly ErrorCode[] = ['BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const NEEDS_CREDENTIAL: readonly ErrorCode[] = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'API_KEY_INVALID',
  'CREDENTIALS_AMBIGUOUS',
  // The requests of a day.
  'QUOTA_EXCEEDED',
];

/** What every route answers to sessions that must show a second factor first, unless it is open to them. */
const NEEDS_FACTOR: readonly ErrorCode[] = ['MFA_REQUIRED', 'MFA_ENROLMENT_REQUIRED'];

const NEEDS_RIGHT: readonly ErrorCode[] = [...NEEDS_CREDENTIAL, 'INSUFFICIENT_PERMISSIONS'];

type RouteDecorator = MethodDecorator & ClassDecorator;
type ResponseHeaders = NonNullable<Exclude<Parameters<typeof ApiResponse>[0], undefined>['headers']>;

/** Anybody may call; `refusals` are the route's own error codes, for the documentation. */
export function Public(...refusals: readonly ErrorCode[]): RouteDecorator {
  return access({ kind: 'public', knowsCaller: false }, ['CREDENTIALS_AMBIGUOUS', ...refusals]);
}

/**
 * Anybody may call, and who has a good credential is known. One that is not good is set aside, not refused; and so is a
 * session that must show a second factor first.
 */
export function PublicKnowingCaller(...refusals: readonly ErrorCode[]): RouteDecorator {
  return access({ kind: 'public', knowsCaller: true }, ['CREDENTIALS_AMBIGUOUS', ...refusals]);
}

/**
 * As `PublicKnowingCaller`, but where the query says `parameter=true` or `=1`: that is for users who have proven who they are
 * within STEP_UP_TTL, as with `FreshlySignedIn`.
 */
export function PublicUnlessAsked(parameter: string, ...refusals: readonly ErrorCode[]): RouteDecorator {
  const rule: GuardedAccess = { kind: 'guarded', by: 'session', fresh: true, permission: null };
  return access({ kind: 'public', knowsCaller: true, guards: { parameter, rule } }, [
    'CREDENTIALS_AMBIGUOUS',
    ...(['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'API_KEY_INVALID', 'STEP_UP_REQUIRED'] as const),
    ...NEEDS_FACTOR,
    'INSUFFICIENT_PERMISSIONS',
    ...refusals,
  ]);
}

/** What holds for a request: the route's rule, or that of what its query asks for. */
export function ruleFor(rule: Access, query: unknown): Access {
  if (rule.kind !== 'public' || !rule.guards || typeof query !== 'object' || query === null) return rule;
  const asked = (query as Readonly<Record<string, unknown>>)[rule.guards.parameter];
  return asked === 'true' || asked === '1' ? rule.guards.rule : rule;
}

/** Anybody with a live session or a key may call. For what says nothing but who the caller is: keys may do little else. */
export function Authenticated(...refusals: readonly ErrorCode[]): RouteDecorator {
  return guarded({}, [...NEEDS_RIGHT, ...refusals]);
}

/** A user with a live session may call; an API key may not, whatever it may do: keys never manage credentials. */
export function SignedIn(...refusals: readonly ErrorCode[]): RouteDecorator {
  return guarded({ by: 'session' }, [...NEEDS_RIGHT, ...refusals]);
}

/**
 * As `SignedIn`, and the user has proven who they are within STEP_UP_TTL: for what a stolen access token must not do
 * (RFC 9470, NIST 800-63B 2.1.3). Older sign-ins are refused with STEP_UP_REQUIRED.
 */
export function FreshlySignedIn(...refusals: readonly ErrorCode[]): RouteDecorator {
  return guarded({ by: 'session', fresh: true }, [...NEEDS_RIGHT, 'STEP_UP_REQUIRED', ...refusals]);
}

/**
 * Open to sessions of a tenant that demands a second factor, which have shown none: for what leads to one, says who is
 * there, or leads away. Stands below the decorator that says who may call. Throws where it does not.
 */
export function EvenConfined(): MethodDecorator {
  return (controller, name, descriptor) => {
    const handler = descriptor.value as object;
    if (Reflect.hasMetadata(ACCESS, handler)) {
      throw new Error(`@EvenConfined() of ${controller.constructor.name}.${String(name)} stands above who may call`);
    }
    Reflect.defineMetadata(EVEN_CONFINED, true, handler);
  };
}

/** Only who holds the permission in the active tenant may call, by a session or by a key that has it too. */
export function Requires(permission: string, ...refusals: readonly ErrorCode[]): RouteDecorator {
  return guarded({ permission }, [...NEEDS_RIGHT, ...refusals]);
}

/** As `Requires`, by an API key alone: for what one system asks of another. */
export function RequiresApiKey(permission: string, ...refusals: readonly ErrorCode[]): RouteDecorator {
  return guarded({ permission, by: 'api_key' }, [...NEEDS_RIGHT, ...refusals]);
}

/** As `Requires`, by a session alone: for what is said about credentials, which keys may not even read. */
export function RequiresSession(permission: string, ...refusals: readonly ErrorCode[]): RouteDecorator {
  return guarded({ permission, by: 'session' }, [...NEEDS_RIGHT, ...refusals]);
}

/** As `Requires`, by a user who has proven who they are within STEP_UP_TTL, never by a key. */
export function RequiresFreshly(permission: string, ...refusals: readonly ErrorCode[]): RouteDecorator {
  return guarded({ permission, by: 'session', fresh: true }, [...NEEDS_RIGHT, 'STEP_UP_REQUIRED', ...refusals]);
}

function guarded(
  { by = 'any', fresh = false, permission = null }: Partial<Omit<GuardedAccess, 'kind'>>,
  refusals: readonly ErrorCode[],
): RouteDecorator {
  const schemes = [
    ...(by === 'api_key' ? [] : [ApiBearerAuth(BEARER_SCHEME)]),
    ...(by === 'session' ? [] : [ApiSecurity(API_KEY_SCHEME)]),
  ];
  const rule: Access = { kind: 'guarded', by, fresh, permission };
  const open = access(rule, refusals, ...schemes);
  const closed = access(rule, by === 'api_key' ? refusals : [...refusals, ...NEEDS_FACTOR], ...schemes);
  return <T>(target: object, name?: string | symbol, descriptor?: TypedPropertyDescriptor<T>): void => {
    const isOpen = Reflect.hasMetadata(EVEN_CONFINED, (descriptor?.value as object | undefined) ?? target);
    (isOpen ? open : closed)(target as never, name as never, descriptor as never);
  };
}

function access(rule: Access, refusals: readonly ErrorCode[], ...more: RouteDecorator[]): RouteDecorator {
  const ofBody = refusals.includes('MALFORMED_REQUEST') ? NEEDS_BODY : [];
  const codes = [...new Set<ErrorCode>([...refusals, ...ofBody, 'DEPENDENCY_UNAVAILABLE'])];
  return applyDecorators(SetMetadata(ACCESS, rule), ApiExtraModels(Problem), ...more, ...documented(codes));
}

/** One documented response for each status, with an example of each code it may carry. */
export function documented(codes: readonly ErrorCode[], headers?: ResponseHeaders): RouteDecorator[] {
  const statuses = new Set(codes.map((code) => ERROR_CATALOGUE[code].status));
  return [...statuses].map((status) => {
    const group = codes.filter((code) => ERROR_CATALOGUE[code].status === status);
    return ApiResponse({
      status,
      description: group.map((code) => `\`${code}\` ${ERROR_CATALOGUE[code].title}.`).join(' '),
      ...(headers && { headers }),
      content: {
        'application/problem+json': {
          schema: { $ref: getSchemaPath(Problem) },
          examples: Object.fromEntries(group.map((code) => [code, { value: example(code) }])),
        },
      },
    });
  });
}

function example(code: ErrorCode): Problem {
  const violations =
    code === 'VALIDATION_FAILED'
      ? [{ field: 'email', code: 'FIELD_REQUIRED', message: 'This field is required.' }]
      : undefined;
  return problemOf({
    code,
    publicUrl: 'https://auth.example.com',
    requestId: '01890a5d-ac96-774b-bcce-b302099a8057',
    at: new Date('2026-11-21T12:00:00.000Z'),
    violations,
  });
}
