import { applyDecorators, Controller, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { PageProblems } from './page-problems.filter';

/** What a browser sends from a mailed link: the address of a page, with the secret of the link behind `?token=`. */
export type LinkQuery = { readonly token?: unknown };

/** A page for people, behind a mailed link. `path` is below PUBLIC_URL, outside the base path of the API. */
export function Page(path: string): ClassDecorator {
  return applyDecorators(ApiExcludeController(), Controller(path), UseFilters(PageProblems));
}

/** The token of a link as it was followed; empty when there is none. */
export function tokenOf({ token }: LinkQuery): string {
  return typeof token === 'string' ? token : '';
}
