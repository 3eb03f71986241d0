import type { PageIndex } from '../../page-data.ts';

/** Lists the problems outside any scenario. */
export function Troubles({ index }: { readonly index: PageIndex }) {
  if (index.troubles.length === 0) return null;
  return (
    <section class="troubles" aria-labelledby="troubles">
      <h2 id="troubles">Problems</h2>
      {index.troubles.map((trouble) => (
        <pre key={trouble} tabIndex={0}>
          {trouble}
        </pre>
      ))}
    </section>
  );
}
