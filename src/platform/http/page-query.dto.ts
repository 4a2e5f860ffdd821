import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';

const DEFAULT_LIMIT = 20;

/** How a list is asked for a page of it. What its cursor looks like, each list says. */
export class PageQuery {
  /** Items on a page, 1 to 100. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_LIMIT, required: false })
  @IsOptional()
  @Matches(/^([1-9]\d?|100)$/, { message: 'This field must be a whole number from 1 to 100.' })
  limit?: string;
}

/** The same of lists whose pages end at a UUID. */
export class PageByIdQuery extends PageQuery {
  /** `next_cursor` of the page before. */
  @IsOptional()
  @IsString()
  @Matches(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
  cursor?: string;
}

type Asked = PageQuery & { readonly cursor?: string };

/** `idOf` makes a cursor that was checked into what the list goes by; without one the page is the first. */
export function pageOf<Id extends string>(
  { limit, cursor }: Asked,
  idOf: (text: string) => Id | null,
): { readonly limit: number; readonly cursor: Id | null } {
  return {
    limit: limit === undefined ? DEFAULT_LIMIT : Number(limit),
    cursor: cursor === undefined ? null : idOf(cursor),
  };
}
