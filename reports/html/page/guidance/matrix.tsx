import type { PageIndex, PageMatrixRow } from '../../page-data.ts';
import { Fold } from '../fold.tsx';
import { hashOf } from '../route/route.ts';

/** The decision matrix: the result of each combination of choices. Every row links to the run of its combination. */
export function Matrix({ index: { matrix } }: { readonly index: PageIndex }) {
  if (matrix === null) return <NoMatrix />;
  const { columns, sections, leftOut } = matrix;
  return (
    <section class="matrix" aria-labelledby="matrix">
      <h1 id="matrix">Decision matrix</h1>
      <Fold title="Columns" note={columns.map(({ heading }) => heading).join(', ')}>
        <dl class="facts-list">
          {columns.map(({ heading, meaning }) => (
            <div key={heading}>
              <dt>{heading}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </Fold>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="matrix">
        <table>
          <thead>
            <tr>
              {['key store', 'factory', 'attack', ...columns.map(({ heading }) => heading)].map((heading) => (
                <th scope="col" key={heading}>
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          {sections.map(({ heading, rows }) => (
            <tbody key={heading}>
              <tr>
                <th scope="rowgroup" colSpan={3 + columns.length}>
                  <span class="group">{heading}</span>
                </th>
              </tr>
              {rows.map((row) => (
                <Row key={row.id} row={row} columns={columns.length} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      {leftOut.length > 0 && (
        <Fold title="Left out" note="invalid combinations">
          <ul>
            {leftOut.map(({ what, why }) => (
              <li key={what}>
                {what}: {why}
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </section>
  );
}

/** Explains how to get a decision matrix. The runs of a normal report differ too much to form a matrix. */
function NoMatrix() {
  return (
    <section class="matrix" aria-labelledby="matrix">
      <h1 id="matrix">Decision matrix</h1>
      <p>
        This report has no decision matrix. Attestation types, key stores and factories can only be compared if
        everything else is the same. So a matrix needs one run for each combination:{' '}
        <code>npx dps-rehearsal matrix</code> executes them, and its report has the matrix.
      </p>
    </section>
  );
}

function Row({ row, columns }: { readonly row: PageMatrixRow; readonly columns: number }) {
  const { id, choices, words, reason, heat } = row;
  const [keyStore, factory, attack] = choices;
  return (
    <tr class={heat === null ? 'unknown' : `heat-${heat}`}>
      <td>{keyStore}</td>
      <td>{factory}</td>
      <th scope="row">
        <a href={hashOf({ page: 'scenario', id, event: undefined })}>{attack}</a>
      </th>
      {words === null ? <td colSpan={columns}>{reason}</td> : words.map((word, place) => <td key={place}>{word}</td>)}
    </tr>
  );
}
