/**
 * The database's two threads as one thing: batches go to the one that commits, page fetches to the one that reads. Answers
 * come to the listener; what fails is fatal and told once.
 */

import {
  type CommitBatch,
  type CommitReport,
  CommitThread,
  type MoveReport,
  type OpenedDatabase,
  type PageFetch,
  type PageNode,
  ReaderThread,
} from "@etcd-ts/storage";

export interface DatabaseListener {
  onCommitted(report: CommitReport): void;
  onMoved(report: MoveReport): void;
  onPages(fetch: number, nodes: readonly PageNode[]): void;
  /** The database cannot go on; the message is for the operator. */
  onFailure(error: Error): void;
}

export interface DatabaseOptions {
  readonly path: string;
  /** False with `--unsafe-no-fsync`. */
  readonly sync: boolean;
  readonly lockWaitMs: number;
  /** `--bootstrap-defrag-threshold-megabytes`; 0: never. */
  readonly defragmentBytesMin: number;
}

export class DatabaseThreads {
  readonly opened: OpenedDatabase;
  readonly reader: ReaderThread;
  /** False: this system has no `flock` program, and other programs are not kept out. */
  readonly locked: boolean;
  private readonly writer: CommitThread;
  /** The reader thread has opened the file that took the name last. */
  private following: Promise<void> = Promise.resolve();

  static async open(options: DatabaseOptions, listener: DatabaseListener): Promise<DatabaseThreads> {
    let threads: DatabaseThreads | undefined;
    const writer = await CommitThread.open(options, {
      onCommitted: (report) => listener.onCommitted(report),
      onMoved: (report) => {
        threads!.followTo(report);
        listener.onMoved(report);
      },
      onFailure: (error) => listener.onFailure(error),
    });
    threads = new DatabaseThreads(writer, new ReaderThread(options.path, writer.opened.pageBytes, listener));
    return threads;
  }

  private constructor(writer: CommitThread, reader: ReaderThread) {
    this.writer = writer;
    this.reader = reader;
    this.opened = writer.opened;
    this.locked = writer.locked;
  }

  commit(batch: CommitBatch): void {
    this.writer.commit(batch);
  }

  fetch(fetch: PageFetch): void {
    this.reader.fetch(fetch);
  }

  /** Resolves with why there is no new file, if there is none; a further one may begin then. */
  async defragment(): Promise<string | undefined> {
    this.reader.begin();
    await this.reader.opened;
    const failure = await this.writer.defragment();
    await this.following;
    return failure;
  }

  private followTo(report: MoveReport): void {
    this.following = this.reader.openFile(report.file);
  }

  /** After what was posted has been done. */
  async close(): Promise<void> {
    await Promise.all([this.writer.close(), this.reader.close()]);
  }
}
