import { listenerNames, portOption, portsIn } from './listener-ports.ts';
import type { Failure } from '../../core/result.ts';
import type { ServeOptions } from './serve-options.ts';

/** Describes an error of opening a port, and what to do; undefined if the error has another cause. */
export function portProblem(error: unknown, options: ServeOptions): Failure | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || error.syscall !== 'listen' || !('code' in error)) {
    return error instanceof Error && 'code' in error && error.code === 'ENOTFOUND' ? noAddress(options) : undefined;
  }
  const port = 'port' in error && typeof error.port === 'number' ? error.port : undefined;
  const option = optionOf(port, options);
  switch (error.code) {
    case 'EADDRINUSE':
      return unavailable(
        `port ${port} is in use by another program; end that program, or choose another port with ${option} (0 for any free port)`,
      );
    case 'EACCES':
      return unavailable(
        `port ${port} needs root on this computer; run as root, or choose another port with ${option} (0 for any free port)`,
      );
    case 'EADDRNOTAVAIL':
      return noAddress(options);
    default:
      return unavailable(`port ${port} cannot be opened: ${error.message}`);
  }
}

function noAddress({ host }: ServeOptions): Failure {
  return unavailable(
    `${host} is not an address of this computer; give --host one of its addresses, or 0.0.0.0 for all of them`,
  );
}

function optionOf(port: number | undefined, options: ServeOptions): string {
  const ports = portsIn(options);
  const listener = listenerNames.find((name) => port === ports[name]);
  if (listener !== undefined) return portOption(listener);
  return port === options.controlPort ? '--control-port' : 'another option';
}

function unavailable(sentence: string): Failure {
  return { code: 'port-unavailable', sentence };
}
