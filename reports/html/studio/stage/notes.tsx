interface Settings {
  readonly story: string | undefined;
  readonly teaches: string | undefined;
}

/** The notes of the presenter: the story, and the lesson. The audience does not see them. */
export function Notes({ story, teaches }: Settings) {
  if (story === undefined && teaches === undefined) return null;
  return (
    <section class="notes" aria-labelledby="notes">
      <h2 id="notes">Presenter’s notes</h2>
      {story !== undefined && <p>{story}</p>}
      {teaches !== undefined && (
        <p class="teaches">
          <b>Lesson:</b> {teaches}
        </p>
      )}
    </section>
  );
}
