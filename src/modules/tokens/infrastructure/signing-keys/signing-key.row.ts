import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { AsymmetricAlgorithm, PublicJwk } from '../../application/signing-keys/key-material.port';
import type { SigningKeyPhase, SigningKeyState } from '../../domain/signing-keys/key-ring';

@Entity('signing_keys')
export class SigningKeyRow implements SigningKeyState {
  @PrimaryColumn('text') kid!: string;
  @Column('text') algorithm!: AsymmetricAlgorithm;
  @Column('jsonb', { name: 'public_jwk' }) publicJwk!: PublicJwk;
  @Column('bytea', { name: 'private_key_sealed' }) privateKeySealed!: Buffer;
  @Column('text') state!: SigningKeyPhase;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('timestamptz', { name: 'published_at', default: () => 'now()' }) publishedAt!: Date;
  @Column('timestamptz', { name: 'takes_over_at', nullable: true }) takesOverAt!: Date | null;
  @Column('timestamptz', { name: 'activated_at', nullable: true }) activatedAt!: Date | null;
  @Column('timestamptz', { name: 'retires_at', nullable: true }) retiresAt!: Date | null;
  @Column('boolean', { default: false }) brought!: boolean;
}
