import type { ComponentChildren } from 'preact';

interface Settings {
  readonly title: string;
  readonly note?: string;
  readonly open?: boolean;
  readonly children: ComponentChildren;
}

/** A part of a page that the user can collapse. */
export function Fold({ title, note, open = false, children }: Settings) {
  return (
    <details class="fold" open={open}>
      <summary>
        <h2>{title}</h2>
        {note !== undefined && <span class="note">{note}</span>}
      </summary>
      <div class="folded">{children}</div>
    </details>
  );
}
