import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PublicJwk } from '../application/signing-keys.port';

@Entity('signing_keys')
export class SigningKeyRow {
  @PrimaryColumn('text') kid!: string;
  @Column('text') algorithm!: string;
  @Column('jsonb', { name: 'public_jwk' }) publicJwk!: PublicJwk;
  @Column('bytea', { name: 'private_key_sealed' }) privateKeySealed!: Buffer;
  @Column('text') state!: 'current' | 'previous';
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
}
