import type { DoorwardRequest } from '../../../platform/http/request';

/** What a controller must know of a request here beyond what others do. */
export type BrowserRequest = DoorwardRequest & { readonly method: string };

/** A person looks at the answer. */
export function wantsPage({ headers }: Pick<DoorwardRequest, 'headers'>): boolean {
  return accepts(headers.accept, 'text/html');
}

/** A program does, and says so; whoever takes anything is sent where it goes. */
export function wantsJson(request: Pick<DoorwardRequest, 'headers'>): boolean {
  return !wantsPage(request) && accepts(request.headers.accept, 'application/json');
}

function accepts(header: string | undefined, type: string): boolean {
  return (header ?? '').split(',').some((range) => range.split(';')[0]?.trim().toLowerCase() === type);
}
