import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsArray, IsString, Matches } from 'class-validator';
import { ROLE_NAME } from '../domain/role-name';

const MOST_ROLES = 50;

export class MemberRolesRequest {
  /**
   * The names of all roles the member is to hold, 1 to 50, none of which grants what the caller has not.
   * @example ["analyst", "viewer"]
   */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_ROLES)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(ROLE_NAME, { each: true })
  roles!: string[];
}
