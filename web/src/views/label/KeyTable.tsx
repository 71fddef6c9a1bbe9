import { KeyList, type KeyListProps } from '../../components/KeyList.tsx';
import { labelTexts } from './texts.ts';

/** The keys of the desk. */
export function KeyTable() {
  const t = labelTexts();
  const keys: KeyListProps['keys'] = [
    [['Enter'], t.keyConfirm],
    [['1', '…', '9'], t.keyChoose],
    [['0', 'N'], t.keyNone],
    [['/'], t.keySearch],
    [['↑', '↓'], t.keyMove],
    [['A'], t.keyAll],
    [['E'], t.keyEntities],
    [['S'], t.keySkip],
    [['U'], t.keyUndo],
    [['C'], t.keyComment],
  ];
  return <KeyList title={t.keys} keys={keys} />;
}
