import { useState } from 'preact/hooks';

/** A button that switches between dark and light colours. Until the user clicks the button, the page follows the setting of the system. */
export function ThemeToggle() {
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const toggle = (): void => {
    document.documentElement.dataset['theme'] = isDark ? 'light' : 'dark';
    setDark(!isDark);
  };
  return (
    <button type="button" class="quiet" onClick={toggle} aria-label={isDark ? 'Use light colours' : 'Use dark colours'}>
      <span aria-hidden="true">{isDark ? '☀' : '☾'}</span> {isDark ? 'Light' : 'Dark'}
    </button>
  );
}
