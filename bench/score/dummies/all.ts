/** In the order in which they are shown. */
import type { Dummy } from './dummy.ts';
import { firstErrorLine } from './first-error-line.ts';
import { lastDeploy } from './last-deploy.ts';
import { loudestMetric } from './loudest-metric.ts';
import { randomAnswer } from './random.ts';

export const DUMMIES: readonly Dummy[] = [randomAnswer, lastDeploy, loudestMetric, firstErrorLine];
