/** Lines of cells as aligned columns; the first line is the head. @param numeric indexes of columns that are set to the right */
export function drawColumns(lines: readonly (readonly string[])[], numeric: readonly number[] = []): string {
  const head = lines[0] ?? [];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => [...(line[column] ?? '')].length)));
  const draw = (line: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = line[column] ?? '';
        const space = ' '.repeat(width - [...cell].length);
        return numeric.includes(column) ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  return [draw(head), widths.map((width) => '─'.repeat(width)).join('  '), ...lines.slice(1).map(draw)].join('\n');
}
