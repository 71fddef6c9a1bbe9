import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { z } from 'zod';
import { failure, KorexError, usageError } from '../../base/core/errors.ts';

/** A value that SQLite keeps. */
export type Value = string | number | null;

/** A project's SQLite file: every statement is prepared once, every row that is read is checked. */
export interface Database {
  all<T extends z.ZodType>(sql: string, schema: T, ...values: readonly Value[]): z.output<T>[];
  get<T extends z.ZodType>(sql: string, schema: T, ...values: readonly Value[]): z.output<T> | null;
  /** The id of the row that was written, and how many were changed. */
  run(sql: string, ...values: readonly Value[]): { readonly id: number; readonly changes: number };
  /** All of the work or nothing of it; another process that writes is waited for. */
  together<T>(work: () => T): T;
  close(): void;
}

/**
 * Changes of the layout, oldest first: `user_version` counts those that a file has. What stands here is never altered, since
 * files have it; a change is a new entry.
 *
 * Events are facts: triggers refuse to delete or alter them, whoever asks.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE files (
    sha256 TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    at TEXT NOT NULL,
    sentences INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE sentences (
    id INTEGER PRIMARY KEY,
    guid TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL,
    position INTEGER NOT NULL,
    text TEXT NOT NULL,
    entities TEXT,
    pairs TEXT,
    given TEXT,
    gold INTEGER NOT NULL DEFAULT 0,
    source TEXT,
    file TEXT REFERENCES files(sha256)
  ) STRICT;
  CREATE INDEX sentences_of_documents ON sentences(document, position);
  CREATE TABLE people (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    person INTEGER NOT NULL REFERENCES people(id),
    role TEXT NOT NULL CHECK (role IN ('label', 'adjudicate')),
    sentence INTEGER REFERENCES sentences(id),
    actions TEXT NOT NULL,
    undoes INTEGER UNIQUE REFERENCES events(id),
    key TEXT UNIQUE
  ) STRICT;
  CREATE INDEX events_of_sentences ON events(sentence);
  CREATE TRIGGER events_are_kept BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
  CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never altered'); END;
  CREATE TABLE handed (
    sentence INTEGER NOT NULL REFERENCES sentences(id),
    person INTEGER NOT NULL REFERENCES people(id),
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (sentence, person)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE suggestions (
    sentence INTEGER NOT NULL REFERENCES sentences(id),
    model TEXT NOT NULL,
    entities TEXT NOT NULL,
    pairs TEXT NOT NULL,
    PRIMARY KEY (sentence, model)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rounds (
    id INTEGER PRIMARY KEY,
    model TEXT NOT NULL,
    began TEXT NOT NULL,
    ended TEXT,
    started_from TEXT NOT NULL,
    rows TEXT,
    progress TEXT,
    result TEXT,
    error TEXT
  ) STRICT;
  `,
];

/** How long a process that writes is waited for. */
const BUSY_MS = 10_000;

/**
 * Opens a project's file, or makes it. WAL: who reads waits for nobody, and what was committed outlives the process and the
 * machine (`synchronous = FULL`).
 *
 * Errors: `usage` for a file that is no project of korex, or one of a newer version; `failed` where there is no SQLite for this machine.
 */
export async function openDatabase(path: string): Promise<Database> {
  const Sqlite = await loadLibsql();
  await mkdir(dirname(path), { recursive: true });
  const isNew = !existsSync(path);
  try {
    if (!isNew) await checkHeader(path);
    const file = new Sqlite(path, { timeout: BUSY_MS } as Libsql.Options);
    try {
      file.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
      file.exec('PRAGMA journal_mode = WAL');
      file.exec('PRAGMA synchronous = FULL');
      file.exec('PRAGMA foreign_keys = ON');
      const database = wrapped(file);
      migrate(database, file, path, isNew);
      return database;
    } catch (error) {
      file.close();
      throw error;
    }
  } catch (error) {
    if (error instanceof KorexError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(
      {
        en: `${path} cannot be opened as a label project: ${reason}.`,
        ko: `${path}: 라벨 프로젝트로 열 수 없다(${reason}).`,
      },
      {
        en: 'Name the folder of a project, or a new one; the file in it is made by `korex label`.',
        ko: '프로젝트의 폴더나 새 폴더를 준다. 안의 파일은 `korex label`이 만든다.',
      },
      error,
    );
  }
}

const HEADER = 'SQLite format 3\0';

/** SQLite takes a file shorter than its header for a new one, and would write over it. */
async function checkHeader(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0);
    if (bytesRead > 0 && buffer.toString('latin1') !== HEADER) throw new Error('it is no SQLite file');
  } finally {
    await file.close();
  }
}

async function loadLibsql(): Promise<typeof Libsql> {
  try {
    return (await import('libsql')).default;
  } catch (error) {
    throw failure(
      {
        en: `SQLite (the package libsql) has no build for this machine: ${process.platform} ${process.arch}.`,
        ko: `이 컴퓨터(${process.platform} ${process.arch})에 맞는 SQLite(libsql 패키지)가 없다.`,
      },
      {
        en: 'It comes for Linux, macOS and Windows on x64 and for Linux and macOS on arm64. Where optional packages were left out, run `npm install` again without --omit=optional.',
        ko: 'Linux·macOS·Windows의 x64와 Linux·macOS의 arm64용이 있다. 선택 패키지를 빼고 설치했으면 --omit=optional 없이 `npm install`을 다시 한다.',
      },
      error,
    );
  }
}

function wrapped(file: Libsql.Database): Database {
  const prepared = new Map<string, Libsql.Statement<unknown[]>>();
  const statement = (sql: string) => {
    const known = prepared.get(sql) ?? file.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  return {
    all: (sql, schema, ...values) =>
      statement(sql)
        .all(...values)
        .map((row) => schema.parse(row)),
    get: (sql, schema, ...values) => {
      const row = statement(sql).get(...values);
      return row === undefined ? null : schema.parse(row);
    },
    run: (sql, ...values) => {
      const { lastInsertRowid, changes } = statement(sql).run(...values);
      return { id: Number(lastInsertRowid), changes };
    },
    together(work) {
      file.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        file.exec('COMMIT');
        return result;
      } catch (error) {
        if (file.inTransaction) file.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => void file.close(),
  };
}

/** "korx" in ASCII: tells a project's file from any other of SQLite. */
const APPLICATION_ID = 0x6b6f7278;
const pragma = (name: string) => z.object({ [name]: z.number() }).transform((row) => row[name]!);

function migrate(database: Database, file: Libsql.Database, path: string, isNew: boolean): void {
  const id = database.get('PRAGMA application_id', pragma('application_id'));
  const tables = database.get('SELECT count(*) AS n FROM sqlite_master', pragma('n'));
  if (!isNew && tables !== 0 && id !== APPLICATION_ID)
    throw usageError(
      { en: `${path} is an SQLite file of something else.`, ko: `${path}: 다른 프로그램의 SQLite 파일이다.` },
      { en: 'Choose another folder for the project.', ko: '프로젝트에 다른 폴더를 쓴다.' },
    );
  const version = () => database.get('PRAGMA user_version', pragma('user_version')) ?? 0;
  if (version() > MIGRATIONS.length)
    throw usageError(
      { en: `${path} was written by a newer korex.`, ko: `${path}: 더 새로운 korex가 쓴 파일이다.` },
      { en: 'Update korex.', ko: 'korex를 업데이트한다.' },
    );
  if (version() === MIGRATIONS.length) return;
  database.together(() => {
    // Another process may have come first.
    for (const [index, sql] of MIGRATIONS.entries())
      if (index >= version()) file.exec(`${sql}; PRAGMA user_version = ${index + 1}`);
    file.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  });
}
