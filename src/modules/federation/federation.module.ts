import { Module } from '@nestjs/common';

/** Sign-in through Google, GitHub and any OIDC issuer. The room is here; its contents come later. */
@Module({})
export class FederationModule {}
