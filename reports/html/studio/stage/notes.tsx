interface Settings {
  readonly story: string | undefined;
  readonly teaches: string | undefined;
}

/** What the presenter tells: the story before, and what to take home after. The audience's window has neither. */
export function Notes({ story, teaches }: Settings) {
  if (story === undefined && teaches === undefined) return null;
  return (
    <section class="notes" aria-labelledby="notes">
      <h2 id="notes">Presenter’s notes</h2>
      {story !== undefined && <p>{story}</p>}
      {teaches !== undefined && (
        <p class="teaches">
          <b>To take home:</b> {teaches}
        </p>
      )}
    </section>
  );
}
