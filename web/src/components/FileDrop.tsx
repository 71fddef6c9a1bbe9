import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

/** A file that the visitor chose, by its path from the folder on that was chosen or dropped with it. */
export interface ChosenFile {
  readonly name: string;
  readonly file: File;
}

export interface FileDropProps {
  readonly title: string;
  /** Words of the button. */
  readonly choose: string;
  /** Endings that the system's dialogue shows first. */
  readonly accept?: readonly string[];
  /** Whether several files, and folders, may be chosen and dropped together. */
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly ChosenFile[]) => void;
  /** Said below the button. */
  readonly children?: ComponentChildren;
}

/** A place to drop files on, and a button to choose them. */
export function FileDrop({ title, choose, accept, multiple = false, onFiles, children }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const give = (files: readonly ChosenFile[]) => {
    if (files.length > 0) onFiles(multiple ? files : files.slice(0, 1));
  };
  return (
    <div
      class={isOver ? 'drop drop-over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={async (event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer) give(await dropped(event.dataTransfer));
      }}
    >
      <p class="drop-title">{title}</p>
      <button type="button" onClick={() => input.current?.click()}>
        {choose}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        multiple={multiple}
        accept={accept?.join(',')}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // The same file can be chosen again.
          currentTarget.value = '';
          give(files.map((file) => ({ name: file.name, file })));
        }}
      />
      {children}
    </div>
  );
}

/** What was dropped, folders with all that is in them. */
async function dropped({ items, files }: DataTransfer): Promise<ChosenFile[]> {
  // Entries must be asked for before anything is waited for: the list is emptied then.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (!entries.some(({ isDirectory }) => isDirectory)) return [...files].map((file) => ({ name: file.name, file }));
  return (await Promise.all(entries.map(filesOf))).flat();
}

async function filesOf(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (entry.name.startsWith('.')) return [];
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ name: entry.fullPath.replace(/^\//, ''), file }];
  }
  if (!isDirectory(entry)) return [];
  const reader = entry.createReader();
  const found: FileSystemEntry[] = [];
  // A folder is read in portions; the last one is empty.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) break;
    found.push(...portion);
  }
  return (await Promise.all(found.map(filesOf))).flat();
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
