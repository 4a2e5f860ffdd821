import { Injectable } from '@nestjs/common';
import { BackupCodes } from '../application/backup-codes.port';

/** Until there is a store of backup codes: nobody has any. */
@Injectable()
export class NoBackupCodes extends BackupCodes {
  find(): Promise<null> {
    return Promise.resolve(null);
  }

  spend(): Promise<boolean> {
    return Promise.resolve(false);
  }

  countOf(): Promise<number> {
    return Promise.resolve(0);
  }

  put(): Promise<void> {
    return Promise.resolve();
  }

  activate(): Promise<void> {
    return Promise.resolve();
  }

  removeAll(): Promise<void> {
    return Promise.resolve();
  }
}
