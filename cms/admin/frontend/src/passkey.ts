// A passkey within a form: its button asks the device (WebAuthn Level 2), puts what it answers into
// the form, and sends it. The server made the options, and judges the answer.

type Written = { [name: string]: unknown }

class Passkey extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button')
    if (!button || !('credentials' in navigator)) return
    button.hidden = false
    button.addEventListener('click', () => void this.ask(button))
  }

  private async ask(button: HTMLButtonElement): Promise<void> {
    const form = this.closest('form')
    if (!form?.reportValidity()) return
    button.disabled = true
    try {
      const options = JSON.parse(this.dataset.options ?? '{}') as Written
      const answer = this.dataset.kind === 'create' ? await create(options) : await get(options)
      this.querySelector<HTMLInputElement>('[name=credential]')!.value = JSON.stringify(answer)
      form.requestSubmit()
    } catch {
      // The device tells the person more than it may tell a page.
      const fault = this.querySelector<HTMLElement>('.fault')!
      fault.textContent = this.dataset.failed ?? ''
      fault.hidden = false
      button.disabled = false
    }
  }
}

async function create(options: Written): Promise<Written> {
  const user = options.user as Written
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: keys(options.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
  const response = made.response as AuthenticatorAttestationResponse
  return written(made, {
    attestationObject: text(response.attestationObject),
    transports: response.getTransports(),
  })
}

async function get(options: Written): Promise<Written> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: keys(options.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions
  const found = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
  const response = found.response as AuthenticatorAssertionResponse
  return written(found, {
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
  })
}

function written(one: PublicKeyCredential, response: Written): Written {
  const clientDataJSON = text(one.response.clientDataJSON)
  return { id: one.id, rawId: text(one.rawId), type: one.type, response: { ...response, clientDataJSON } }
}

function keys(said: unknown): Written[] {
  return ((said ?? []) as Written[]).map((one) => ({ ...one, id: bytes(one.id) }))
}

/** base64url, without padding (RFC 7515 §2). */
function bytes(said: unknown): Uint8Array<ArrayBuffer> {
  const plain = atob(String(said).replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}

function text(said: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(said))
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

customElements.define('cms-passkey', Passkey)

export {}
