import { readFileSync, statSync } from 'node:fs';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InvalidSettings } from '../config/read-settings';
import { RiskSettings } from '../config/settings';
import { Chores } from '../time/chores';
import { AddressList, BadAddressLine } from './address-list';

const EVERY_SECONDS = 60;

type Read = { readonly list: AddressList; readonly modifiedAtMs: number };

/** What the file of ADDRESS_REPUTATION_FILE says of addresses. It is read at the start, and again when it changes. */
@Injectable()
export class AddressReputation implements OnModuleInit {
  private read: Read | null;

  /** Throws InvalidSettings when the file cannot be read, or one of its lines not be understood. */
  constructor(
    private readonly settings: RiskSettings,
    private readonly chores: Chores,
  ) {
    const file = settings.reputationFile;
    try {
      this.read = file === undefined ? null : readList(file);
    } catch (error) {
      throw new InvalidSettings([reasonOf(error)]);
    }
  }

  onModuleInit(): void {
    const { reputationFile: file } = this.settings;
    if (file === undefined) return;
    this.chores.add({ name: 'address-reputation', everySeconds: EVERY_SECONDS, run: () => this.follow(file) });
  }

  /** How bad a name a canonical address has, from 1 to 100; 0: none, or nothing is known of it. */
  of(address: string | null): number {
    return address === null || this.read === null ? 0 : this.read.list.scoreOf(address);
  }

  /** As long as the file is not right the list read last stays, and each attempt leaves a warning as a failed chore does. */
  private follow(file: string): Promise<void> {
    try {
      if (modifiedAtMsOf(file) !== this.read?.modifiedAtMs) this.read = readList(file);
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(new Error(`${reasonOf(error)}; the list that was read before stays`));
    }
  }
}

function readList(file: string): Read {
  // Asked before: what is written while it is read is read again the next time.
  const modifiedAtMs = modifiedAtMsOf(file);
  return { list: AddressList.parse(readFileSync(file, 'utf8')), modifiedAtMs };
}

const modifiedAtMsOf = (file: string): number => statSync(file).mtimeMs;

/** Neither the path nor what is written in the file: an operator knows the one, and the log need not know the other. */
function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  const reason = error instanceof BadAddressLine ? error.message : `the file cannot be read (${code ?? 'unknown'})`;
  return `ADDRESS_REPUTATION_FILE: ${reason}`;
}
