/** Which characters the fonts we ship can draw, read from the fonts themselves (OpenType table `cmap`). */

export type Glyphs = ReadonlySet<number>;

/** The characters that at least one of the fonts has. Throws RangeError on a file that is no font. */
export function glyphsOf(fonts: readonly Buffer[]): Glyphs {
  const glyphs = new Set<number>();
  for (const font of fonts) {
    const cmap = tableOffset(font, 'cmap');
    for (let index = 0; index < font.readUInt16BE(cmap + 2); index += 1)
      addSubtable(font, cmap + font.readUInt32BE(cmap + 8 + index * 8), glyphs);
  }
  return glyphs;
}

function tableOffset(font: Buffer, tag: string): number {
  for (let index = 0; index < font.readUInt16BE(4); index += 1) {
    const record = 12 + index * 16;
    if (font.toString('latin1', record, record + 4) === tag) return font.readUInt32BE(record + 8);
  }
  throw new RangeError(`the font has no table ${tag}`);
}

/** Formats 4 (16 bit) and 12 (32 bit): every font of today has at least one of them. */
function addSubtable(font: Buffer, at: number, glyphs: Set<number>): void {
  const format = font.readUInt16BE(at);
  if (format === 4) addSegments(font, at, glyphs);
  if (format !== 12) return;
  for (let group = 0; group < font.readUInt32BE(at + 12); group += 1) {
    const record = at + 16 + group * 12;
    const last = font.readUInt32BE(record + 4);
    for (let point = font.readUInt32BE(record); point <= last; point += 1) glyphs.add(point);
  }
}

function addSegments(font: Buffer, at: number, glyphs: Set<number>): void {
  const doubled = font.readUInt16BE(at + 6);
  const [lasts, firsts, deltas, ranges] = [14, 16 + doubled, 16 + doubled * 2, 16 + doubled * 3].map((o) => at + o);
  if (lasts === undefined || firsts === undefined || deltas === undefined || ranges === undefined) return;
  for (let segment = 0; segment < doubled; segment += 2) {
    const last = font.readUInt16BE(lasts + segment);
    const first = font.readUInt16BE(firsts + segment);
    const delta = font.readUInt16BE(deltas + segment);
    const range = font.readUInt16BE(ranges + segment);
    for (let point = first; point <= last && point !== 0xffff; point += 1) {
      const mapped = range === 0 ? point : font.readUInt16BE(ranges + segment + range + (point - first) * 2);
      const glyph = mapped === 0 ? 0 : (mapped + delta) & 0xffff;
      if (glyph !== 0) glyphs.add(point);
    }
  }
}
