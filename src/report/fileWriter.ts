/**
 * Text, or bytes of it, into a file that does not exist yet, in large synchronous writes, so that a row costs a string and not a system
 * call. Failures are UserErrors of exit code 5. Knows nothing of tables.
 */

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { writing } from './outputErrors.js';

/** Characters gathered before they are written. */
const BUFFER_CHARACTERS = 64 * 1024;

export class FileWriter {
  private readonly path: string;
  private readonly fd: number;
  private buffer = '';
  private isOpen = true;

  /** @throws UserError exit code 5; also when the file exists. */
  constructor(path: string) {
    this.path = path;
    this.fd = writing(path, () => openSync(path, 'wx'));
  }

  /** @throws UserError exit code 5 */
  write(text: string): void {
    this.buffer += text;
    if (this.buffer.length >= BUFFER_CHARACTERS) this.flush();
  }

  /** Bytes that follow the text written so far. @throws UserError exit code 5 */
  writeBytes(bytes: Uint8Array): void {
    if (this.buffer !== '') this.flush();
    this.put(bytes);
  }

  /** Writes what is left and puts the file on the disk. @throws UserError exit code 5 */
  finish(): void {
    this.flush();
    writing(this.path, () => fsyncSync(this.fd));
    this.close();
  }

  /** Closes without writing what is left; for a file that is thrown away. May be called twice. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    writing(this.path, () => closeSync(this.fd));
  }

  private flush(): void {
    const bytes = Buffer.from(this.buffer, 'utf8');
    this.buffer = '';
    this.put(bytes);
  }

  private put(bytes: Uint8Array): void {
    writing(this.path, () => {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.fd, bytes, written);
    });
  }
}
