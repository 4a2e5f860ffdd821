import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { deviceLabel, userAgentOf } from '../../../../platform/network/user-agent';
import { type ClientTraits, Devices } from '../../application/sessions/devices.port';

/** To be raised when the same headers give another fingerprint, by a new release of the library for one. */
const VERSION = 1;

@Injectable()
export class BowserDevices extends Devices {
  /** Versions are left out: a browser that updates itself stays the same device. */
  fingerprint({ userAgent, acceptLanguage }: ClientTraits): string {
    const { program, system, kind } = userAgentOf(userAgent);
    const [language = ''] = (acceptLanguage ?? '').toLowerCase().split(/[,;]/);
    const stable = [program, system, kind, language.trim()];
    return `${VERSION}.${createHash('sha256').update(JSON.stringify(stable)).digest('base64url')}`;
  }

  label(userAgent: string | null): string {
    return deviceLabel(userAgent);
  }
}
