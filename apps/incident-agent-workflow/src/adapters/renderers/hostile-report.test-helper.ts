/** A report in which every free text is somebody else's. */
import { Report } from '../../domain/report.ts';

/** Names, kinds and instants that code chose; everything else may come from outside. */
const OURS =
  /^(?:schema|id|kind|status|band|severity|errorType|faultClass|impact|class|route|family|direction|unit|of|failure|level|deployedFrom|revisionFrom|state|health|sameBy|shape|reason|result|hypothesis|metric|pipelineId|hash|head|deployedRevision|revision|commit|parents|cites|cite|at|from|to|\w+At)$/;

/** The report still fits its schema. */
export function withEveryText(report: Report, change: (text: string) => string): Report {
  return Report.parse(changed(report, change));
}

function changed(value: unknown, change: (text: string) => string, key = ''): unknown {
  if (typeof value === 'string') return OURS.test(key) ? value : change(value);
  if (Array.isArray(value)) return value.map((item) => changed(item, change, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, changed(inner, change, name)]));
}

export const HOSTILE: readonly { readonly says: string; readonly text: string }[] = [
  {
    says: 'Typst markup',
    text: '#panic("x") $ x^2 $ *b* _i_ @E1 <E1> = Title \\ #include "/etc/passwd" `raw` // c /* d */',
  },
  { says: 'Typst strings and calls', text: '"] #read("/etc/hostname") ["' },
  { says: 'HTML', text: '<script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;' },
  { says: 'Markdown', text: '# h\n- [x](javascript:alert(1)) ![i](http://evil.test/i.png) `c` **b** | cell | ~~s~~' },
  { says: 'a fence', text: '```\n```` \n`````sh\nrm -rf /\n```' },
  { says: 'a formula', text: '=HYPERLINK("http://evil.test","x")+cmd|\' /C calc\'!A0' },
  { says: 'XML', text: ']]><w:p/><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;' },
  { says: 'controls', text: 'a\u0000b\u0001c\u0008d\u001b[31me\u007ff\u0085g\r\nh\ti' },
  { says: 'bidi overrides', text: 'safe\u202egnp.exe\u202c \u2066x\u2069 \u200fy' },
  { says: 'invisible characters', text: 'a\u200bb\u200dc\ufeffd\u00ade\u2028f\u2029g\u2060h\ue000i\uffffj' },
  { says: 'lone surrogates', text: 'a\ud800b\udc00c' },
  { says: 'emoji', text: '🔥 fire 👩‍👩‍👧‍👦 ⚠️ 🇩🇪 1️⃣' },
  { says: 'Chinese', text: '数据库连接被拒绝：无法连接到服务器' },
  { says: 'Arabic and Hebrew', text: 'خطأ في الاتصال שגיאה' },
  { says: 'stacked combining marks', text: `z${'\u0301\u0316'.repeat(200)}z` },
  { says: 'one endless word', text: 'x'.repeat(5_000) },
  { says: 'a line of a megabyte', text: 'error '.repeat(180_000) },
  { says: 'nothing', text: '' },
  { says: 'blanks', text: '   \n \t ' },
];
