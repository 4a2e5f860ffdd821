import type { ApiKeyId } from '../../domain/api-keys/api-key-id';

/** A new key, as it is shown once, and what is kept of it. */
export type IssuedApiKey = {
  readonly id: ApiKeyId;
  readonly key: string;
  /** The beginning of the key, which may be shown ever after. */
  readonly prefix: string;
  /** 32 bytes. */
  readonly secretHash: Uint8Array;
};

/** The text of API keys: `dw_live_`, 256 random bits, a checksum. */
export abstract class ApiKeyCodec {
  /** The id sorts by `now`; nothing else of the key tells anything. */
  abstract issue(now: Date): IssuedApiKey;

  /** What would be kept of the text; null, without looking anything up, for text that is no key: a mistyped one is none. */
  abstract hashOf(presented: string): Uint8Array | null;
}
