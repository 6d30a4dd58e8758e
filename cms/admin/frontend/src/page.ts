// What makes every page pleasanter: the menu folds on phones, what was told is heard after a swap,
// and a form is sent once.

const narrow = matchMedia('(max-width: 60rem)')

function foldMenu(): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('.menu-fold')) menu.open = !narrow.matches
}

function sendOnce(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement
  if (form.dataset.again !== undefined) return
  if (form.dataset.sent !== undefined) return event.preventDefault()
  form.dataset.sent = ''
  // Coming back with the browser's own button shows the form as it was, ready to be sent.
  setTimeout(() => delete form.dataset.sent, 4000)
}

// A part of a page that was replaced takes the focus along where it says so.
document.addEventListener('htmx:after:swap', () => {
  document.querySelector<HTMLElement>('[data-focus]')?.focus()
})

/** The line of the menu that leads here is in sight, however long the menu is. */
function showWhereWeAre(): void {
  const menu = document.querySelector<HTMLElement>('.menu')
  const here = menu?.querySelector<HTMLElement>('[aria-current]')
  if (!menu || !here || narrow.matches) return
  const below = here.getBoundingClientRect().bottom - menu.getBoundingClientRect().top
  if (below > menu.clientHeight) menu.scrollTop = below - menu.clientHeight / 2
}

/** What a refused form lists is called as the form calls it. */
function nameFaults(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[role=alert] a[href^="#"]')) {
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)))
    const label = field?.querySelector(':scope > legend') ?? (field as HTMLInputElement | null)?.labels?.[0]
    if (label) link.textContent = (label.firstChild?.textContent ?? '').trim() || link.textContent
  }
}

narrow.addEventListener('change', foldMenu)
document.addEventListener('submit', sendOnce)
foldMenu()
showWhereWeAre()
nameFaults()
