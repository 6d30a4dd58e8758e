// What was typed and not yet saved, kept in this browser until the server has it: IndexedDB,
// written 500 ms after the last key and when the page is left, forgotten after seven days.

export interface Draft {
  /** tenant/person/post/language */
  key: string
  base: string
  content: string
  /** The selection in the document of `content`. */
  selection: { anchor: number; head: number }
  /** Milliseconds since 1970. */
  time: number
}

const NAME = 'cms-drafts'
const STORE = 'drafts'
const WEEK = 7 * 24 * 60 * 60 * 1000

let opened: Promise<IDBDatabase> | null = null

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  return opened
}

async function asked<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await database()).transaction(STORE, mode, { durability: 'strict' })
  const request = act(transaction.objectStore(STORE))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result)
    transaction.onerror = transaction.onabort = () => reject(transaction.error)
  })
}

export async function keepDraft(draft: Draft): Promise<void> {
  await asked('readwrite', (store) => store.put(draft))
}

/** The drafts of a text, the newest first: the last one, and what was set aside before it. */
export async function findDrafts(key: string): Promise<Draft[]> {
  const all = (await asked('readonly', (store) => store.getAll())) as Draft[]
  const isOld = (draft: Draft) => draft.time < Date.now() - WEEK
  await Promise.all(all.filter(isOld).map((draft) => forgetDraft(draft.key)))
  const own = all.filter((draft) => draft.key === key || draft.key.startsWith(`${key}#`))
  return own.filter((draft) => !isOld(draft)).sort((a, b) => b.time - a.time)
}

export async function forgetDraft(key: string): Promise<void> {
  await asked('readwrite', (store) => store.delete(key))
}

/** A new text gets its number when it is first saved: its draft goes once it is found stored under
 * that number. Keys of new texts are `tenant/person/new…`. */
export async function forgetNew(key: string, stored: string): Promise<void> {
  const own = `${key.split('/').slice(0, 2).join('/')}/new`
  const all = (await asked('readonly', (store) => store.getAll())) as Draft[]
  const saved = all.filter((draft) => draft.key.startsWith(own) && draft.key !== key && draft.content === stored)
  await Promise.all(saved.map((draft) => forgetDraft(draft.key)))
}

/** The keys of all drafts that begin so, such as those of one person: signing out asks. */
export async function draftKeys(start: string): Promise<string[]> {
  const keys = (await asked('readonly', (store) => store.getAllKeys())) as string[]
  return keys.filter((key) => key.startsWith(start))
}
