import type { Losses } from './losses.ts';

/** Names of files for texts by their ids, each once; an id that cannot be one is counted. */
export function safeName(lost: Losses): (id: string) => string {
  const taken = new Set<string>();
  return (id) => {
    // Dots at either end, separators, and what Windows does not take.
    const plain =
      id
        .replace(/[\s/\\:*?"<>|\p{Cc}]+/gu, '_')
        .replace(/^\.+|\.+$/g, '_')
        .slice(0, 100) || '_';
    let name = plain;
    // Some file systems know no upper and lower case, nor composed and decomposed letters.
    const key = () => name.normalize('NFC').toLowerCase();
    for (let i = 2; taken.has(key()); i++) name = `${plain}-${i}`;
    taken.add(key());
    if (name !== id) lost.add('ids', id);
    return name;
  };
}
