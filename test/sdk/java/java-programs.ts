import type { Network, RunningProgram } from '../network/network.ts';
import { sdkClassPath } from '../network/sdk-part.ts';
import { eachLine, ProgramOutput } from '../network/program-output.ts';

const password = 'changeit';

/**
 * Time limit for each output of a program, in milliseconds. The DPS client of the SDK does not see an answer that arrives before the client
 * begins to wait, and then continues 60 s later (docs/sdks.md). That can happen to the registration and to the status request.
 */
const limitMs = 150_000;

/** Time limit of a test that runs these programs, in milliseconds. */
export const javaTestMs = 160_000;

/**
 * One Java virtual machine in a test network, in which programs of `src` run in parallel. It trusts the root of the mock as
 * docs/serve-sdks.md describes.
 */
export class JavaPrograms {
  readonly #machine: RunningProgram;
  readonly #outputs: ProgramOutput[] = [];

  static async start(network: Network): Promise<JavaPrograms> {
    const store = `${network.folder}/trust.jks`;
    const words = ['-importcert', '-noprompt', '-alias', 'rehearsal', '-file', network.root];
    const { code, stderr } = await network.run('keytool', [...words, '-keystore', store, '-storepass', password]);
    if (code !== 0) throw new Error(`keytool ended with ${code}: ${stderr}`);
    return new JavaPrograms(network, store);
  }

  private constructor(network: Network, store: string) {
    const trust = [`-Djavax.net.ssl.trustStore=${store}`, `-Djavax.net.ssl.trustStorePassword=${password}`];
    // Options that turn off most optimisation, because each program runs its code only once.
    const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];
    this.#machine = network.start('java', [...quick, ...trust, '-cp', sdkClassPath, 'Cases']);
    const ended = eachLine(this.#machine, ({ number, said }) => {
      const output = this.#outputs[number as number];
      const values = said as Readonly<Record<string, unknown>>;
      if ('ended' in values) output?.end(values['ended'] as string);
      else output?.add(values);
    });
    void ended.then((problem) => {
      for (const output of this.#outputs) output.end(problem === '' ? 'the virtual machine ended' : problem);
    });
  }

  /** Starts a program that `src/Cases.java` lists. */
  run(program: string, input: object, history?: () => readonly string[]): ProgramOutput {
    const output = new ProgramOutput(history, limitMs);
    const number = this.#outputs.push(output) - 1;
    this.#machine.stdin.write(`${JSON.stringify({ number, program, told: input })}\n`);
    return output;
  }
}
