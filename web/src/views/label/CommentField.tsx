import { useEffect, useRef, useState } from 'preact/hooks';
import { labelTexts } from './texts.ts';

interface CommentFieldProps {
  readonly text: string;
  readonly hasFocus: boolean;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

/** A remark on the sentence. */
export function CommentField({ text, hasFocus, onSave, onCancel }: CommentFieldProps) {
  const t = labelTexts();
  const [value, setValue] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (hasFocus) field.current?.focus();
  }, [hasFocus]);
  return (
    <form
      class="label-comment"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(value.trim());
      }}
    >
      <label>
        {t.commentOf}
        <textarea
          ref={field}
          rows={2}
          maxLength={4000}
          value={value}
          onInput={({ currentTarget }) => setValue(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave(value.trim());
            if (event.key === 'Escape') onCancel();
          }}
        />
      </label>
      <div class="actions">
        <button type="submit" class="small">
          {t.save}
        </button>
        <button type="button" class="quiet small" onClick={onCancel}>
          {t.cancel}
        </button>
      </div>
    </form>
  );
}
