/** How much of everything is printed. What is beyond is counted on the page; the JSON report has all of it. */
export const BOUNDS = {
  charts: 3,
  code: 2,
  commits: 2,
  stackTraces: 2,
  logPatterns: 3,
  logSamples: 3,
  frames: 14,
  diffLines: 40,
  codeLinesAround: 8,
  /** Of the second place in the code. */
  codeLinesAroundMore: 3,
  claims: 6,
  actions: 6,
  hypotheses: 6,
  ruledOut: 8,
  gaps: 8,
  notChecked: 6,
  impact: 8,
  similar: 6,
  deliveries: 10,
  timeline: 40,
  evidence: 40,
  refused: 12,
  notes: 10,
  cites: 5,
} as const;

export const MORE_IN_JSON = 'in the JSON report';
