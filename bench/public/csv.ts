/** Comma-separated values with a line of names: quotes double inside quotes, and a cell may hold line breaks. */

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function readCsv(text: string): CsvTable {
  const [columns = [], ...rows] = recordsOf(text);
  return { columns, rows };
}

function recordsOf(text: string): string[][] {
  if (!text.includes('"')) {
    const lines = text.split(/\r?\n/);
    return (lines.at(-1) === '' ? lines.slice(0, -1) : lines).map((line) => line.split(','));
  }
  return quotedRecords(text);
}

function quotedRecords(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ',') {
      record.push(cell);
      cell = '';
    } else if (character === '\n') {
      records.push([...record, cell]);
      record = [];
      cell = '';
    } else if (character !== '\r') cell += character;
  }
  return cell !== '' || record.length > 0 ? [...records, [...record, cell]] : records;
}

/** Name → cell of one row. */
export function rowReader({ columns }: CsvTable): (row: readonly string[], column: string) => string | undefined {
  const places = new Map(columns.map((column, index) => [column, index]));
  return (row, column) => {
    const place = places.get(column);
    return place === undefined ? undefined : row[place];
  };
}

/** undefined: an empty cell, or no number. */
export function numberIn(cell: string | undefined): number | undefined {
  if (cell === undefined || cell.trim() === '') return undefined;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}
