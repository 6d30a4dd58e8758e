// Small dialogs of the editor: a form in a native <dialog>, outside of the page's own form.
import { word } from './words'

export interface Field {
  name: string
  label: string
  kind?: 'text' | 'url' | 'number' | 'area' | 'check' | 'choice'
  value?: string
  hint?: string
  choices?: readonly (readonly [value: string, label: string])[]
  isRequired?: boolean
  min?: number
  max?: number
  isReadOnly?: boolean
  suggestions?: readonly string[]
}

export type Answers = { [name: string]: string }

export interface Asking {
  title: string
  fields: readonly Field[]
  submit?: string
  /** A second button, such as "remove the link"; answers `{ [name]: '1' }`. */
  other?: { name: string; label: string }
}

let count = 0

/** Asks, and gives what was answered; null when the dialog was left. */
export function ask(asking: Asking): Promise<Answers | null> {
  const dialog = document.createElement('dialog')
  dialog.className = 'cms-editor-dialog'
  const form = document.createElement('form')
  form.method = 'dialog'
  const title = document.createElement('h2')
  title.id = `cms-editor-dialog-${(count += 1)}`
  title.textContent = asking.title
  dialog.setAttribute('aria-labelledby', title.id)
  form.append(title, ...asking.fields.map(row), buttons(dialog, asking))
  dialog.append(form)
  document.body.append(dialog)
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue ? answers(form, dialog.returnValue) : null)
    })
  })
}

function answers(form: HTMLFormElement, button: string): Answers {
  const found: Answers = button === 'ok' ? {} : { [button]: '1' }
  for (const [name, value] of new FormData(form)) found[name] = String(value).replace(/\r\n/g, '\n')
  return found
}

function row(field: Field): HTMLElement {
  const holder = document.createElement('div')
  holder.className = 'cms-editor-field'
  const input = control(field)
  input.id = `cms-editor-field-${(count += 1)}`
  input.setAttribute('name', field.name)
  const label = document.createElement('label')
  label.htmlFor = input.id
  label.textContent = field.label
  if (field.kind === 'check') holder.append(input, label)
  else holder.append(label, input)
  if (field.suggestions?.length) holder.append(suggestionsFor(input, field.suggestions))
  if (field.hint) holder.append(hintFor(input, field.hint))
  return holder
}

function suggestionsFor(input: HTMLElement, values: readonly string[]): HTMLElement {
  const list = document.createElement('datalist')
  list.id = `${input.id}-list`
  list.append(...values.map((value) => new Option(value, value)))
  input.setAttribute('list', list.id)
  return list
}

function hintFor(input: HTMLElement, text: string): HTMLElement {
  const hint = document.createElement('p')
  hint.id = `${input.id}-hint`
  hint.className = 'cms-editor-hint'
  hint.textContent = text
  input.setAttribute('aria-describedby', hint.id)
  return hint
}

function control(field: Field): HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement {
  if (field.kind === 'choice') return choice(field)
  if (field.kind === 'area') {
    const area = document.createElement('textarea')
    area.rows = 8
    // HTML eats a first line end only while parsing, not here.
    area.value = field.value ?? ''
    area.readOnly = field.isReadOnly ?? false
    area.required = field.isRequired ?? false
    return area
  }
  const input = document.createElement('input')
  input.type = field.kind === 'check' ? 'checkbox' : field.kind === 'number' ? 'number' : 'text'
  if (field.kind === 'url') input.inputMode = 'url'
  if (field.kind === 'check') input.checked = field.value === '1'
  input.value = field.kind === 'check' ? '1' : (field.value ?? '')
  input.required = field.isRequired ?? false
  if (field.min !== undefined) input.min = String(field.min)
  if (field.max !== undefined) input.max = String(field.max)
  return input
}

function choice(field: Field): HTMLSelectElement {
  const select = document.createElement('select')
  for (const [value, label] of field.choices ?? []) select.add(new Option(label, value, false, value === field.value))
  return select
}

function buttons(dialog: HTMLDialogElement, asking: Asking): HTMLElement {
  const row = document.createElement('div')
  row.className = 'cms-editor-buttons'
  const submit = document.createElement('button')
  submit.value = 'ok'
  submit.textContent = asking.submit ?? word('dialog.ok')
  const leave = document.createElement('button')
  leave.type = 'button'
  leave.textContent = word('dialog.cancel')
  leave.addEventListener('click', () => dialog.close(''))
  row.append(submit)
  if (asking.other) {
    const other = document.createElement('button')
    other.value = asking.other.name
    other.formNoValidate = true
    other.textContent = asking.other.label
    row.append(other)
  }
  row.append(leave)
  return row
}
