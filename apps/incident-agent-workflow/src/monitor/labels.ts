/** The same text for the same labels, whatever their order. */
export function labelKey(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).toSorted((a, b) => (a < b ? -1 : 1));
  return JSON.stringify(names.map((name) => [name, labels[name]]));
}
