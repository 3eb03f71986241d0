import { expect, test } from 'vitest';
import { whyNoBrowser } from '../../../cli/process/why-no-browser.ts';

const terminal = { isTTY: true };

test.each([
  ['a Linux desktop', 'linux', { DISPLAY: ':0' }, terminal, undefined],
  ['a Wayland desktop', 'linux', { WAYLAND_DISPLAY: 'wayland-0' }, terminal, undefined],
  ['macOS', 'darwin', {}, terminal, undefined],
  ['Windows', 'win32', {}, terminal, undefined],
  ['WSL', 'linux', { WSL_DISTRO_NAME: 'Debian' }, terminal, undefined],
  [
    'a remote session with a forwarded display',
    'linux',
    { SSH_TTY: '/dev/pts/1', DISPLAY: ':10' },
    terminal,
    undefined,
  ],
  ['a Linux console', 'linux', {}, terminal, 'display'],
  ['a remote session on macOS', 'darwin', { SSH_CONNECTION: '192.0.2.1 1 192.0.2.2 22' }, terminal, 'remote session'],
  ['CI with a terminal', 'linux', { CI: 'true', DISPLAY: ':0' }, terminal, 'CI'],
  ['a pipe', 'linux', { DISPLAY: ':0' }, {}, 'terminal'],
  ['a pipe on macOS', 'darwin', {}, { isTTY: false }, 'terminal'],
] as const)(
  '`whyNoBrowser` returns `undefined` if a browser can open, and otherwise the reason why it cannot: %s',
  (_, platform, env, stdout, why) => {
    const found = whyNoBrowser({ stdout, env, platform });
    if (why === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(why);
  },
);
