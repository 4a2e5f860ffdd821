import { Injectable } from '@nestjs/common';
import { toDataURL } from 'qrcode';
import { QrCodes } from '../application/totp/qr-codes.port';

/** Four modules of white around it (ISO/IEC 18004, 9.1), or not every camera finds it. */
const OPTIONS = { type: 'image/png', errorCorrectionLevel: 'M', margin: 4, scale: 6 } as const;

@Injectable()
export class QrcodeQrCodes extends QrCodes {
  draw(text: string): Promise<string> {
    return toDataURL(text, OPTIONS);
  }
}
