/** Who may ask the agent: a port that others reach needs a token, or somebody who said aloud that it does not. */
import { fine, warning } from '../../domain/diagnosis.ts';
import type { DoctorCheck } from '../../host-ports.ts';

export interface Access {
  readonly host: string;
  readonly isOnlyHere: boolean;
  readonly isRequired: boolean;
}

/** An open port without token and without AUTH=off does not get here: the configuration refuses it. */
export function accessCheck({ host, isOnlyHere, isRequired }: Access): DoctorCheck {
  const name = 'access';
  return {
    name,
    async run() {
      if (isOnlyHere) return [fine(name, `only this machine can ask (${host})`)];
      if (isRequired) return [fine(name, 'other machines need a token')];
      return [
        warning(name, {
          what: `AUTH=off, and the agent listens on ${host}`,
          shows: 'whoever reaches the port can read incidents and close them',
          mend: 'publish the port on 127.0.0.1 only, as docker-compose.yml does; or set API_TOKEN and ALERTS_TOKEN and AUTH=required',
        }),
      ];
    },
  };
}
