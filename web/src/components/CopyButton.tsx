import { useState } from 'preact/hooks';
import { componentTexts } from './texts.ts';

/** Copies a text; says so for a moment, to screen readers too. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = componentTexts();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1600);
  };
  return (
    <>
      <button type="button" class="quiet small" onClick={copy}>
        {isCopied ? t.copied : (label ?? t.copy)}
      </button>
      <span class="sr-only" role="status">
        {isCopied ? t.copied : ''}
      </span>
    </>
  );
}

/** The clipboard of browsers needs https or localhost; elsewhere the old command still copies a selection. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
