// Custom fields: what conditions hide is hidden at once, and rows are added, moved and removed
// without asking the server. The rules are those of cms/fields/conditions.py, which decides.

type Rule = [field: string, operator: string, wanted: unknown]
type Value = string | boolean | string[] | number

const RELATIONAL = new Set(['page_link', 'user', 'relationship', 'post_object', 'taxonomy'])
const MOMENTS = new Set(['date_picker', 'date_time_picker', 'time_picker'])
const CHOICES = new Set(['select', 'checkbox', 'radio', 'button_group'])
const OPPOSITES: Record<string, string> = {
  '!=empty': '==empty', '!=': '==', '!==': '==', '!=contains': '==contains', '!=pattern': '==pattern',
}

class Fields extends HTMLElement {
  private made = 0

  connectedCallback(): void {
    this.addEventListener('input', this.settle)
    this.addEventListener('change', this.settle)
    this.addEventListener('click', this.onClick)
    this.settle()
  }

  private settle = (): void => {
    for (const field of this.querySelectorAll<HTMLElement>('[data-rules]')) field.hidden = !shows(field)
  }

  private onClick = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[name=rows]')
    if (!button) return
    event.preventDefault()
    const [step, path, layout] = button.value.split(':')
    if (step === 'add') this.add(button, layout ? `${path}:${layout}` : path!)
    else change(button.closest<HTMLElement>('[data-row]')!, step!)
    this.settle()
    this.dispatchEvent(new Event('input', { bubbles: true }))
  }

  /** A copy of the blank row, under a number that no other has. */
  private add(button: HTMLButtonElement, name: string): void {
    const holder = button.closest('[data-field]')!
    const blank = [...holder.querySelectorAll<HTMLTemplateElement>(':scope > template')].find((one) => one.dataset.blank === name)
    const list = holder.querySelector(':scope > .fields-rows')
    if (!blank || !list) return
    const mark = /\.(__[^.]*?__)/.exec(blank.content.querySelector<HTMLElement>('[data-row]')!.dataset.row!.slice(name.split(':')[0]!.length))![1]!
    const number = String(1000 + ++this.made)
    const made = document.createElement('template')
    made.innerHTML = blank.innerHTML.replaceAll(mark, number)
    const row = made.content.firstElementChild as HTMLElement
    list.append(row)
    row.querySelector<HTMLElement>('input:not([type=hidden]), select, textarea')?.focus()
  }
}

function change(row: HTMLElement, step: string): void {
  const { previousElementSibling: before, nextElementSibling: after } = row
  if (step === 'remove') {
    const next = (after ?? before ?? row.parentElement!.parentElement!) as HTMLElement
    row.remove()
    next.querySelector<HTMLElement>('button[name=rows]')?.focus()
    return
  }
  if (step === 'up') before?.before(row)
  if (step === 'down') after?.after(row)
  row.querySelector<HTMLElement>(`button[value^="${step}:"]`)?.focus()
}

/** Any alternative holds in all of its rules. */
function shows(field: HTMLElement): boolean {
  const rules = JSON.parse(field.dataset.rules!) as Rule[][]
  return rules.some((all) => all.every((rule) => fulfils(field, rule)))
}

/** The field of a rule stands beside the one that asks, or around it. One that is not there is none. */
function fulfils(field: HTMLElement, [key, operator, wanted]: Rule): boolean {
  for (let level = field.parentElement; level; level = level.parentElement) {
    const asked = level.querySelector<HTMLElement>(`:scope > [data-field="${CSS.escape(key)}"]`)
    if (asked) return holds(asked.dataset.kind ?? '', valueOf(asked), operator, wanted)
    if (level.matches('cms-fields')) break
  }
  return true
}

export function holds(kind: string, value: Value, operator: string, wanted: unknown): boolean {
  const plain = OPPOSITES[operator] ?? operator
  let is = true
  if (plain === '==empty') is = isEmpty(value)
  else if (plain === '==') is = equals(kind, value, wanted)
  else if (plain === '==contains') is = contains(value, wanted)
  else if (plain === '==pattern') is = matches(value, text(wanted))
  else if (plain === '<' || plain === '>') is = compares(kind, value, plain, wanted)
  return operator in OPPOSITES ? !is : is
}

function isEmpty(value: Value): boolean {
  return value === false || value === '' || (Array.isArray(value) && value.length === 0)
}

function equals(kind: string, value: Value, wanted: unknown): boolean {
  if (kind === 'true_false') return Boolean(value) === ['1', 'true', 'on', 'yes'].includes(text(wanted).toLowerCase())
  if (MOMENTS.has(kind)) return !isEmpty(value) && digits(value) === digits(wanted)
  if (RELATIONAL.has(kind) && Array.isArray(value)) return value.length === 1 && same(value[0], wanted)
  return Array.isArray(value) ? value.some((one) => same(one, wanted)) : same(value, wanted)
}

function same(value: unknown, wanted: unknown): boolean {
  const number = numeric(wanted)
  if (number !== null) return numeric(value) === number
  return text(value).toLowerCase() === text(wanted).toLowerCase()
}

function contains(value: Value, wanted: unknown): boolean {
  return Array.isArray(value) ? value.some((one) => same(one, wanted)) : text(value).includes(text(wanted))
}

function matches(value: Value, pattern: string): boolean {
  try {
    const compiled = new RegExp(pattern, 'i')
    return (Array.isArray(value) ? value : [text(value)]).some((one) => compiled.test(one))
  } catch {
    return false
  }
}

function compares(kind: string, value: Value, operator: string, wanted: unknown): boolean {
  const limit = numeric(MOMENTS.has(kind) ? digits(wanted) : wanted)
  let found: number | null
  if (Array.isArray(value)) found = value.length
  else if (RELATIONAL.has(kind) || CHOICES.has(kind)) found = isEmpty(value) ? 0 : 1
  else found = numeric(MOMENTS.has(kind) ? digits(value) : value)
  if (found === null || limit === null) return false
  return operator === '<' ? found < limit : found > limit
}

function digits(value: unknown): string {
  return text(value).replace(/\D/g, '')
}

function numeric(value: unknown): number | null {
  const said = text(value).trim()
  return said !== '' && Number.isFinite(Number(said)) ? Number(said) : null
}

function text(value: unknown): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** What a field holds now, of its own inputs only. */
function valueOf(field: HTMLElement): Value {
  const own = [...field.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>('input, select, textarea')].filter(
    (one) => one.closest('[data-field]') === field && !one.matches('[type=hidden]'),
  )
  const ticks = own.filter((one): one is HTMLInputElement => one.matches('[type=checkbox], [type=radio]'))
  if (field.dataset.kind === 'true_false') return ticks.some((one) => one.checked)
  const several = own.find((one): one is HTMLSelectElement => one.matches('select[multiple]'))
  if (several) return [...several.selectedOptions].map((one) => one.value)
  if (ticks.length === 0) return own[0]?.value ?? ''
  const chosen = ticks.filter((one) => one.checked && one.value !== '').map((one) => one.value)
  if (ticks[0]!.type === 'radio') return chosen[0] ?? ''
  return chosen
}

customElements.define('cms-fields', Fields)
