// The editor's words, in the language of the page: the server writes them into a JSON data block.

type Given = { [key: string]: string }

let known: Given | null = null

/** A text by its key, with what stands in braces put in; the key itself when there is none. */
export function word(key: string, facts: Given = {}): string {
  known ??= read()
  return (known[key] ?? key).replace(/\{(\w+)\}/g, (all, name: string) => facts[name] ?? all)
}

function read(): Given {
  const block = document.getElementById('editor-words')
  return block?.textContent ? (JSON.parse(block.textContent) as Given) : {}
}
