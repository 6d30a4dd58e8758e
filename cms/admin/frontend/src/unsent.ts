// Whoever signs out is asked first when this browser still keeps something she typed and did not
// save: the next person at a clinic's computer should not find it, and she should not lose it.
import { draftKeys } from './editor/draft'

async function ask(form: HTMLFormElement): Promise<void> {
  const unsent = await draftKeys(form.dataset.drafts ?? '').catch(() => [])
  if (unsent.length === 0 || confirm(form.dataset.ask)) form.submit()
}

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement
  if (form.dataset.drafts === undefined) return
  event.preventDefault()
  void ask(form)
})
