import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { NoControlCharacters } from '../../../platform/http/no-control-characters';
import { pageOf, PageQuery } from '../../../platform/http/page-query.dto';
import type { ResourcePage, ResourcePageRequest } from '../application/roles/resource-administration';
import { isBuiltInResource, type Resource } from '../domain/resource';
import { ROLE_NAME } from '../domain/role-name';

const DESCRIPTION_MAX = 500;
const MOST_ACTIONS = 100;
/** Either side of a permission is made like the name of a role. */
const SIDE = ROLE_NAME;
const EXAMPLE = ['read', 'approve'];

const Actions = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [String], minItems: 1, maxItems: MOST_ACTIONS, uniqueItems: true, example: EXAMPLE }),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MOST_ACTIONS),
    ArrayUnique(),
    IsString({ each: true }),
    Matches(SIDE, { each: true, message: 'Use up to 64 of a-z, 0-9, _ and -, beginning with a letter.' }),
  );

/** What a tenant says of a kind of thing that its applications keep. */
export class ResourceChangeRequest {
  /** @example "Invoices of the shop" */
  @IsOptional()
  @IsString()
  @MaxLength(DESCRIPTION_MAX)
  @NoControlCharacters()
  description?: string | null;

  /** What can be done with it, 1 to 100 words. */
  @Actions()
  actions!: string[];

  static resourceOf(name: string, { description, actions }: ResourceChangeRequest): Resource {
    return { name, description: description ?? '', actions };
  }
}

export class ResourceRequest extends ResourceChangeRequest {
  /**
   * What stands before the colon.
   * @example "invoice"
   */
  @IsString()
  @Matches(SIDE, { message: 'Use up to 64 of a-z, 0-9, _ and -, beginning with a letter.' })
  resource!: string;
}

export class PermissionsQuery extends PageQuery {
  /**
   * `next_cursor` of the page before.
   * @example "detector"
   */
  @IsOptional()
  @IsString()
  @Matches(SIDE)
  cursor?: string;

  static pageOf(query: PermissionsQuery): ResourcePageRequest {
    return pageOf(query, (name) => name);
  }
}

export class ResourceResponse {
  /** @example "invoice" */
  resource!: string;
  /** @example "Invoices of the shop" */
  description!: string;
  /** @example ["read", "approve"] */
  actions!: string[];
  /**
   * The permissions that roles and keys can be given: one of each action, and the whole resource.
   * @example ["invoice:*", "invoice:read", "invoice:approve"]
   */
  permissions!: string[];
  /** Whether the service knows it from the start. */
  built_in!: boolean;

  static from({ name, description, actions }: Resource): ResourceResponse {
    return Object.assign(new ResourceResponse(), {
      resource: name,
      description,
      actions: [...actions],
      permissions: ['*', ...actions].map((action) => `${name}:${action}`),
      built_in: isBuiltInResource(name),
    });
  }
}

export class ResourcesResponse {
  items!: ResourceResponse[];
  /** null on the last page. */
  next_cursor!: string | null;

  static from(page: ResourcePage): ResourcesResponse {
    const items = page.items.map((resource) => ResourceResponse.from(resource));
    return Object.assign(new ResourcesResponse(), { items, next_cursor: page.nextCursor });
  }
}
