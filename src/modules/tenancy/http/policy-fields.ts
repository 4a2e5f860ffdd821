import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsString, Matches, MaxLength } from 'class-validator';
import { IsNetwork } from '../../../platform/http/is-network';
import { MayBeLeftOut } from '../../../platform/http/may-be-left-out';
import { ROLE_NAME } from '../domain/role-name';

const MOST_ROLES = 50;

const MOST_DOMAINS = 100;
const DOMAIN_MAX = 253;
const MOST_NETWORKS = 100;
/** As long as an IPv6 address can be spelled, and its prefix. */
const NETWORK_MAX = 49;

const MOST_PROVIDERS = 20;
const PROVIDER_ID = /^[a-z][a-z0-9_-]{0,31}$/;

/** Texts that may be domains; whether they are is for the use case to say. */
export const Domains = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [String], required: false, maxItems: MOST_DOMAINS }),
    MayBeLeftOut(),
    IsArray(),
    ArrayMaxSize(MOST_DOMAINS),
    IsString({ each: true }),
    MaxLength(DOMAIN_MAX, { each: true }),
  );

/** IP addresses, and blocks of them in CIDR notation. One with a zone is of one machine's network card. */
export const Networks = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [String], required: false, maxItems: MOST_NETWORKS, uniqueItems: true }),
    MayBeLeftOut(),
    IsArray(),
    ArrayMaxSize(MOST_NETWORKS),
    ArrayUnique(),
    IsString({ each: true }),
    MaxLength(NETWORK_MAX, { each: true }),
    IsNetwork({ each: true }),
  );

/** Texts that may be ids of identity providers; whether any is called so is for the settings to say. */
export const ProviderIds = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [String], required: false, maxItems: MOST_PROVIDERS, uniqueItems: true }),
    MayBeLeftOut(),
    IsArray(),
    ArrayMaxSize(MOST_PROVIDERS),
    ArrayUnique(),
    IsString({ each: true }),
    Matches(PROVIDER_ID, { each: true }),
  );

/** Texts that may be names of roles; whether there are such roles is for the use case to say. */
export const RoleNames = (): PropertyDecorator =>
  applyDecorators(
    ApiProperty({ type: [String], required: false, maxItems: MOST_ROLES, uniqueItems: true }),
    MayBeLeftOut(),
    IsArray(),
    ArrayMaxSize(MOST_ROLES),
    ArrayUnique(),
    IsString({ each: true }),
    Matches(ROLE_NAME, { each: true }),
  );
