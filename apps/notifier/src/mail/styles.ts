/** Styles stand in every element, because mail programs drop style sheets; the sheet only adds phone width and dark mode. */
import type { Tone } from './view.ts';

const fontFamily = "Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const monoFamily = "'JetBrains Mono',SFMono-Regular,Menlo,Consolas,monospace";

export const font = `font-family:${fontFamily}`;
export const mono = `font-family:${monoFamily}`;

/** Light and dark, each at least 4.5:1 on its surface. */
export const toneColors = {
  critical: { light: '#A51B1B', dark: '#FF8F86' },
  warning: { light: '#774800', dark: '#F3BD52' },
  info: { light: '#475160', dark: '#B0B9C6' },
  resolved: { light: '#1A6336', dark: '#78D293' },
  plain: { light: '#475160', dark: '#B0B9C6' },
} as const satisfies Record<Tone, { light: string; dark: string }>;

/** Of columns within the incident. */
export const troubleColors = { light: '#A51B1B', dark: '#FF8F86' } as const;

export const ink = 'color:#16181D';
export const ink2 = 'color:#454A53';
export const ink3 = 'color:#5E636C';
export const line = '1px solid #DEDED8';

const chip = `${mono};font-size:11px;font-weight:600;line-height:16px;text-decoration:none;border-radius:4px;padding:0 4px;white-space:nowrap`;
export const seen = `${chip};color:#134FBD;background:#E9EFFB;border:1px solid #A9C0EC`;
export const unseen = `${chip};${ink2};border:1px dashed #83868C`;
export const code = `${mono};font-size:.92em;overflow-wrap:anywhere`;
export const command = `${mono};display:block;margin:6px 0 2px;font-size:12px;line-height:18px;background:#F0F0EC;border:${line};border-radius:4px;padding:8px 10px;${ink};overflow-wrap:anywhere`;
export const button = `${font};display:inline-block;text-align:center;background:#16181D;color:#FFFFFF;font-size:14px;font-weight:600;line-height:20px;padding:12px 20px;border-radius:6px;text-decoration:none`;

export function styleSheet(tone: Tone): string {
  return [
    '@media (max-width:600px){.wrap{width:100%!important}.px{padding-left:18px!important;padding-right:18px!important}',
    '.fx{display:block!important;width:auto!important}.btn a{display:block!important}.tt{font-size:21px!important;line-height:27px!important}}',
    '@media (prefers-color-scheme:dark){body,.bg{background:#0F1114!important}.sf{background:#17191E!important;border-color:#2B2F36!important}',
    '.t1{color:#EDEEF0!important}.t2{color:#B9BEC7!important}.t3{color:#969DA8!important}.ln{border-color:#2B2F36!important}',
    '.sk{background:#101216!important;color:#EDEEF0!important;border-color:#2B2F36!important}',
    '.ce{color:#86B4FF!important;background:#1A2740!important;border-color:#35507F!important}.cg{color:#B9BEC7!important}',
    '.lk{color:#86B4FF!important}.pb{background:#EDEEF0!important;color:#101216!important}',
    `.tr{background:${troubleColors.dark}!important}.up{background:#2B2F36!important}`,
    `.tn{color:${toneColors[tone].dark}!important}.sf{border-top-color:${toneColors[tone].dark}!important}}`,
  ].join('');
}
