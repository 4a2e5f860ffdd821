import { METHODS } from '../../mfa/mfa.facade';

/** By what somebody may say to show a second factor. No security key can be enrolled yet, so none is ever right. */
export const SHOWN_METHODS = [...METHODS, 'webauthn'] as const;
export type ShownMethod = (typeof SHOWN_METHODS)[number];
