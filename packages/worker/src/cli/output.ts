import { type ExitReason, InvalidInputError, inertJson, inWords, VivariumError, visible } from '@vivarium/core';
import pc from 'picocolors';
import { EXIT, type ExitCode } from './exit.ts';

/**
 * Where a command speaks: results on stdout, talk on stderr. With `--json` stdout holds JSON and nothing else. This is the
 * one door to the terminal: whatever is said here, no text of others acts on it.
 */
export interface Output {
  readonly json: boolean;
  /** One result: an object with `--json`, the text else. */
  result(value: object, text: string): void;
  /** Talk for the person; never a result. */
  say(text: string): void;
}

export function consoleOutput(json: boolean): Output {
  return {
    json,
    result: (value, text) => (json ? printJson(value) : printOut(`${text}\n`)),
    say,
  };
}

/** Talk for the person, where no command runs. */
export const say = (text: string): void => printErr(`${text}\n`);

export const printJson = (value: object): void => write(process.stdout, `${inertJson(value)}\n`);
export const printOut = (text: string): void => write(process.stdout, visible(text));
export const printErr = (text: string): void => write(process.stderr, visible(text));

/** A failure that nobody foresaw: its message is all there is. */
const UNEXPECTED = 'VIV_UNEXPECTED';

/** A failure as a person reads it: what, and what to do. Never a stack trace. */
export function reportError(error: unknown, json: boolean): ExitCode {
  const { message, fix } = inWords(error);
  const code = codeOf(error);
  if (json) {
    printJson({ error: message, code, ...(fix ? { fix } : {}), ...toldData(error) });
  }
  const colors = pc.createColors(process.stderr.isTTY === true && pc.isColorSupported);
  write(process.stderr, `${colors.red('error:')} ${visible(message)}\n`);
  if (fix) write(process.stderr, `${colors.cyan('fix:')} ${visible(fix)}\n`);
  return exitCodeOf(error);
}

const codeOf = (error: unknown): string => (error instanceof VivariumError ? error.code : UNEXPECTED);

const exitCodeOf = (error: unknown): ExitCode => EXIT[error instanceof VivariumError ? error.exit : 'failed'];

/** What a script may want to know beside the words: the fields at fault, a safety report. */
function toldData(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof CommandRefusal) return error.data;
  if (!(error instanceof InvalidInputError)) return {};
  const { problems: errors, ...rest } = error.data;
  return { errors, ...rest };
}

/** A command that was understood and not carried out; it names the exit code that says why. HTTP 409 in spirit. */
export class CommandRefusal extends VivariumError {
  readonly code: string;
  readonly status = 409;
  readonly disposition = 'fail';
  override readonly exit: ExitReason;

  constructor(exit: ExitReason, code: string, message: string, fix?: string, data?: Readonly<Record<string, unknown>>) {
    super(message, { ...(fix === undefined ? {} : { fix }), ...(data === undefined ? {} : { data }) });
    this.exit = exit;
    this.code = code;
  }
}

/** A reader that went away (`| head`) ends the output, not the command. */
function write(stream: NodeJS.WriteStream, text: string): void {
  stream.write(text);
}
