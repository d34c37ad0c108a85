// Passkeys: asks the device for one, and sends what it says as an ordinary form. Without this file the codes remain.
const able = typeof window.PublicKeyCredential?.parseRequestOptionsFromJSON === 'function'

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!able) continue
  form.hidden = false
  form.addEventListener('submit', event => {
    event.preventDefault()
    ask(form)
  })
}

async function ask(form) {
  const failed = form.querySelector('[data-passkey-failed]')
  failed.hidden = true
  try {
    const answer = await fetch(form.dataset.passkey, {method: 'POST', body: new URLSearchParams({})})
    if (!answer.ok) throw new Error(`asked for a challenge: ${answer.status}`)
    form.elements.credential.value = JSON.stringify(await shown(form, await answer.json()))
    form.submit()
  } catch {
    failed.hidden = false
  }
}

async function shown(form, options) {
  const making = form.dataset.passkeyWay === 'make'
  const publicKey = making
    ? PublicKeyCredential.parseCreationOptionsFromJSON(options)
    : PublicKeyCredential.parseRequestOptionsFromJSON(options)
  const credential = making
    ? await navigator.credentials.create({publicKey})
    : await navigator.credentials.get({publicKey})
  return credential.toJSON()
}
