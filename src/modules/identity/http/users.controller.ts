import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NotFound } from '../../../kernel/domain-error';
import type { Principal } from '../../../kernel/principal';
import { SignedIn } from '../../../platform/http/access';
import { BodyExamples } from '../../../platform/http/body-examples';
import { CurrentPrincipal } from '../../../platform/http/current-principal';
import { UpdateProfile } from '../application/update-profile';
import { UserQueries } from '../application/user-queries';
import { UpdateProfileRequest, UserResponse } from './users.dto';

@ApiTags('Users')
@Controller('users')
export class UsersController {
  constructor(
    private readonly users: UserQueries,
    private readonly updateProfile: UpdateProfile,
  ) {}

  /** The caller's own profile. */
  @Get('me')
  @SignedIn()
  async me(@CurrentPrincipal() by: Principal): Promise<UserResponse> {
    const user = await this.users.find(by.userId);
    if (!user) throw new NotFound();
    return UserResponse.from(user);
  }

  /** Change the caller's own names; what is left out stays, null removes. */
  @Patch('me')
  @SignedIn('USERNAME_TAKEN', 'VALIDATION_FAILED', 'MALFORMED_REQUEST')
  @BodyExamples(UpdateProfileRequest, {
    'a first name': { first_name: 'Anna' },
    'no username any more': { username: null },
  })
  async update(@CurrentPrincipal() by: Principal, @Body() body: UpdateProfileRequest): Promise<UserResponse> {
    const { username, first_name: firstName, last_name: lastName } = body;
    const change = { username, firstName, lastName };
    return UserResponse.from(await this.updateProfile.execute(by, change));
  }
}
