import { callsFailWith, FAILURES } from './answers-of-others.ts';
import { changeBringsAbout } from './brought-about.ts';
import { errorsRose, textSays } from './predicates.ts';
import { certificateIsOver } from './resources.ts';
import type { FaultRule } from './rule.ts';
import { TEXTS } from './texts.ts';
import { thrownAs } from './thrown.ts';

/** A certificate is expired, not trusted, or for another name. */
export const tlsCertificate: FaultRule = {
  class: 'tls-certificate',
  kind: 'infrastructure',
  name: 'a certificate that is not accepted',
  required: [
    [
      textSays(TEXTS.tls),
      thrownAs('tls-certificate'),
      changeBringsAbout('tls-certificate'),
      callsFailWith(FAILURES.tls),
      certificateIsOver,
    ],
  ],
  supporting: [errorsRose],
  excluded: [textSays(TEXTS.clock)],
  mayBeCommit: false,
  subject: 'A certificate that is not accepted',
  mechanism: 'the TLS handshake fails',
  actions: () => ['Read the dates and the chain of the certificate; renew it or install the missing link of the chain'],
};
