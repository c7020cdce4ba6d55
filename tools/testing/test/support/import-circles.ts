import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'

/** The files that each file imports by a path, types alone included. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

/** The imports between the sources below some folders, as paths from `root`. */
export function importsBelow(root: string, folders: readonly string[]): ImportGraph {
  const files = new Set(folders.flatMap((folder) => sourcesBelow(join(root, folder))))
  const graph = new Map<string, string[]>()
  for (const file of files) {
    const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'))
    const imported = importedFiles
      .filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => join(dirname(file), fileName))
      // A TypeScript source is imported by the name of what it is compiled to.
      .map((path) => (files.has(path) ? path : path.replace(/\.js$/, '.ts')))
      .filter((path) => files.has(path))
    graph.set(
      relative(root, file),
      imported.map((path) => relative(root, path)),
    )
  }
  return graph
}

/** One circle through each file that is in some, unless an earlier one holds it: its files in order of import. */
export function circlesOf(graph: ImportGraph): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string) => {
    const at = path.indexOf(file)
    if (at >= 0) circles.push(path.slice(at))
    if (at >= 0 || done.has(file)) return
    path.push(file)
    for (const imported of graph.get(file) ?? []) visit(imported)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  return circles
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : sourcesBelow(path)
    return /\.[jt]s$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : []
  })
}
