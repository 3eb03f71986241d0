import { listenerPorts, type ListenerName, type PortByListener } from '../../core/wire/listener-ports.ts';

/** The options of `rehearse serve` for the port of each listener, as commander names them. */
export type ListenerPortOptions = { readonly [Name in ListenerName as `${Name}Port`]: number };

/** Every listener, in the order in which the help names them. */
export const listenerNames = Object.keys(listenerPorts) as readonly ListenerName[];

/** Returns the option for the port of a listener, such as `--mqtt-port`. */
export function portOption(name: ListenerName): string {
  return `--${name}-port`;
}

/** Returns the port that the options give each listener. */
export function portsIn(options: ListenerPortOptions): PortByListener {
  return Object.fromEntries(listenerNames.map((name) => [name, options[`${name}Port`]])) as PortByListener;
}
