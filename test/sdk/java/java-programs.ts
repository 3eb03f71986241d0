import type { Network, RunningProgram } from '../network/network.ts';
import { sdkClassPath } from '../network/sdk-part.ts';
import { eachLine, Telling } from '../network/told.ts';

const password = 'changeit';

/** One virtual machine in a network, in which programs of `src` run side by side. It trusts the mock's root as docs/serve-sdks.md says. */
export class JavaPrograms {
  readonly #machine: RunningProgram;
  readonly #tellings: Telling[] = [];

  static async start(network: Network): Promise<JavaPrograms> {
    const store = `${network.folder}/trust.jks`;
    const words = ['-importcert', '-noprompt', '-alias', 'rehearsal', '-file', network.root];
    const { code, stderr } = await network.run('keytool', [...words, '-keystore', store, '-storepass', password]);
    if (code !== 0) throw new Error(`keytool ended with ${code}: ${stderr}`);
    return new JavaPrograms(network, store);
  }

  private constructor(network: Network, store: string) {
    const trust = [`-Djavax.net.ssl.trustStore=${store}`, `-Djavax.net.ssl.trustStorePassword=${password}`];
    // Compiling what runs once costs more than it gives.
    const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];
    this.#machine = network.start('java', [...quick, ...trust, '-cp', sdkClassPath, 'Cases']);
    const ended = eachLine(this.#machine, ({ number, said }) => {
      const telling = this.#tellings[number as number];
      const told = said as Readonly<Record<string, unknown>>;
      if ('ended' in told) telling?.end(told['ended'] as string);
      else telling?.hear(told);
    });
    void ended.then((problem) => {
      for (const telling of this.#tellings) telling.end(problem === '' ? 'the virtual machine ended' : problem);
    });
  }

  /** Starts one of the programs that `src/Cases.java` lists. */
  run(program: string, told: object, history?: () => readonly string[]): Telling {
    const telling = new Telling(history);
    const number = this.#tellings.push(telling) - 1;
    this.#machine.stdin.write(`${JSON.stringify({ number, program, told })}\n`);
    return telling;
  }
}
