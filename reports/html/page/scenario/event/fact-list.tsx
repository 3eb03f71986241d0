/** Shows names and values without formatting. Long lists are shortened. */
export function FactList({ facts }: { readonly facts: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(facts).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return null;
  return (
    <dl class="facts-list">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name.replaceAll(/([A-Z])/g, ' $1').toLowerCase()}</dt>
          <dd>{textOf(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    const more = value.length > shown ? ` and ${value.length - shown} more` : '';
    return `${value.slice(0, shown).map(textOf).join(', ')}${more}`;
  }
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return String(value);
}

const shown = 20;
