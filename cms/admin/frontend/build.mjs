// Builds the web application's scripts and styles into ../static, each under a name that holds its
// hash, with a gzip copy beside it and manifest.json to find them by.
import { build } from 'esbuild'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))
const wanted = join(here, '..', 'static')
const made = `${wanted}.${process.pid}`

// What pages name with asset(): the name without its folder.
const entries = ['src/app.ts', 'src/editor.ts', 'styles/app.css']

const result = await build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: made,
  entryNames: '[name]-[hash]',
  chunkNames: 'part-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  target: ['es2022', 'chrome120', 'firefox121', 'safari17.2'],
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
})

const manifest = {}
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  const file = join(here, path)
  await writeFile(`${file}.gz`, gzipSync(await readFile(file), { level: 9 }))
  const from = output.entryPoint
  if (from) manifest[basename(from).replace(/\.ts$/, '.js')] = basename(path)
}
await mkdir(made, { recursive: true })
await writeFile(join(made, 'manifest.json'), JSON.stringify(manifest, null, 1))
// Somebody who is being served sees the old files or the new ones, never half of them.
await rm(wanted, { recursive: true, force: true })
await rename(made, wanted)
