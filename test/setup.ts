/**
 * Properties are tried with the same inputs on every machine, so that a suite that is green stays green. To look for new
 * counterexamples: `FAST_CHECK_SEED=$RANDOM npm test`. One that is found becomes a case of its own.
 */
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_125) });
