/** Columns of text that is read line by line, on however wide a terminal. */
const mostColumns = 80

/** The width of text on a stream: that of its terminal, at most 80 columns. */
export function textWidth({ columns }: { readonly columns?: number | undefined }): number {
  return Math.min(columns ?? mostColumns, mostColumns)
}

/** A paragraph in lines of at most `width` columns, each behind the indent; a longer word has a line of its own. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && indent.length + longer.length > width) {
      lines.push(indent + line)
      line = word
    } else line = longer
  }
  return line === '' ? lines : [...lines, indent + line]
}
