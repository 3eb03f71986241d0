/** The facts that decide whether a browser may be opened. */
interface Surroundings {
  readonly stdout: { readonly isTTY?: boolean };
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/** Returns why no browser can be opened here, as the end of a sentence; undefined if one can be opened. */
export function whyNoBrowser({ stdout, env, platform }: Surroundings): string | undefined {
  if ((env['CI'] ?? '') !== '') return 'this is a CI job (the variable CI is set)';
  if (stdout.isTTY !== true) return 'stdout is not a terminal';
  const hasDisplay = ['DISPLAY', 'WAYLAND_DISPLAY'].some((name) => (env[name] ?? '') !== '');
  const isRemote = ['SSH_CONNECTION', 'SSH_TTY'].some((name) => (env[name] ?? '') !== '');
  if (isRemote && !hasDisplay) return 'this is a remote session without a display';
  // In the Windows Subsystem for Linux, the browser of Windows opens.
  const needsDisplay = platform !== 'darwin' && platform !== 'win32' && (env['WSL_DISTRO_NAME'] ?? '') === '';
  return needsDisplay && !hasDisplay ? 'there is no display' : undefined;
}
