/** Progress for people: a bar on a terminal, one plain line a step elsewhere. On stderr, so that stdout stays the result. */
import { Presets, SingleBar } from 'cli-progress';
import type { Progress } from '../../host-ports.ts';
import { oneLine } from '../../lib/clean-text.ts';

const STEP_CHARACTERS = 60;

export function terminalProgress(output: NodeJS.WriteStream): Progress {
  return output.isTTY ? bar(output) : plainLines(output);
}

/** For what runs unattended and has a log. */
export const silentProgress: Progress = { begin() {}, step() {}, end() {} };

function bar(stream: NodeJS.WriteStream): Progress {
  let shown: SingleBar | undefined;
  return {
    begin(what, total) {
      if (total === 0) return;
      // The cursor stays: a program that is killed cannot bring it back.
      const options = {
        stream,
        format: `${what} {bar} {value}/{total} {step}`,
        hideCursor: false,
        clearOnComplete: true,
      };
      shown = new SingleBar(options, Presets.shades_classic);
      shown.start(total, 0, { step: '' });
    },
    step: (what) => shown?.increment({ step: oneLine(what, STEP_CHARACTERS) }),
    end() {
      shown?.stop();
      shown = undefined;
    },
  };
}

function plainLines(output: NodeJS.WriteStream): Progress {
  let doing = '';
  let of = 0;
  let at = 0;
  return {
    begin(what, total) {
      doing = what;
      of = total;
      at = 0;
    },
    step(what) {
      at += 1;
      output.write(`${doing} ${at}/${of}: ${oneLine(what, 200)}\n`);
    },
    end() {},
  };
}
