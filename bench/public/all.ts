/** Every public set that is measured, one line each. */
import { blastradiusbench } from './blastradiusbench.ts';
import { defects4jTraces } from './defects4j-traces.ts';
import { nezhaTrainticket } from './nezha-trainticket.ts';
import { petshop } from './petshop.ts';
import type { PublicSet } from './public-set.ts';
import { rootCauseBench } from './rootcausebench.ts';
import { stackTraces } from './stack-traces.ts';

export const PUBLIC_SETS: readonly PublicSet[] = [
  blastradiusbench,
  defects4jTraces,
  nezhaTrainticket,
  petshop,
  rootCauseBench,
  stackTraces,
];
