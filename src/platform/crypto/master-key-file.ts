import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMasterKey } from '../config/formats';
import { StoreSettings } from '../config/settings';
import { MasterKey } from './master-key';
import { Random } from './random';

/** The master key of the settings; in development, where there is none, the one kept in `dataDir`, made when first asked for. */
export function masterKeyOf({ masterKey, dataDir }: StoreSettings, random: Random): MasterKey {
  return new MasterKey(Buffer.from(masterKey ?? kept(dataDir, random), 'base64'));
}

function kept(folder: string, random: Random): string {
  const file = join(folder, 'master.key');
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) make(file, random);
  const key = readFileSync(file, 'utf8').trim();
  if (!isMasterKey(key)) throw new Error('The file master.key in DATA_DIR does not hold a master key');
  return key;
}

/** Whoever is first makes it, and it is whole from the first moment: another process may be reading already. */
function make(file: string, random: Random): void {
  const draft = `${file}.${random.bytes(8).toString('hex')}`;
  writeFileSync(draft, `${random.bytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}
