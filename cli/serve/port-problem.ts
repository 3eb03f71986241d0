import { listenerNames, portOption, portsIn } from './listener-ports.ts';
import type { ServeOptions } from './serve.ts';

/** Why a port cannot be had, and what to do, in a sentence; undefined where the error is about something else. */
export function portProblem(error: unknown, options: ServeOptions): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || error.syscall !== 'listen' || !('code' in error)) {
    return error instanceof Error && 'code' in error && error.code === 'ENOTFOUND' ? noAddress(options) : undefined;
  }
  const port = 'port' in error && typeof error.port === 'number' ? error.port : undefined;
  const option = optionOf(port, options);
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} is taken by another program; end that, or choose another one with ${option} (0 for a free one)`;
    case 'EACCES':
      return `port ${port} needs root on this computer; run as root, or choose another one with ${option} (0 for a free one)`;
    case 'EADDRNOTAVAIL':
      return noAddress(options);
    default:
      return `port ${port} cannot be had: ${error.message}`;
  }
}

function noAddress({ host }: ServeOptions): string {
  return `${host} is no address of this computer; --host takes one, or 0.0.0.0 for all of them`;
}

function optionOf(port: number | undefined, options: ServeOptions): string {
  const ports = portsIn(options);
  const listener = listenerNames.find((name) => port === ports[name]);
  if (listener !== undefined) return portOption(listener);
  return port === options.controlPort ? '--control-port' : 'another option';
}
