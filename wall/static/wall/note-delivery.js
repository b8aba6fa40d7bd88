// note-delivery.js: what the outbox sends, as our server takes it: a note, with or without a photo, and one to be taken back.

import { ask, csrfOf } from "eventhub/request"
import { fileOf } from "wall/photo-shrink"

const PHOTO_TIMEOUT_MS = 90_000

// An answer as the outbox reads it. `lost`: what to say when the browser has not kept a photo that was to go along.
export function send(form, { key, gone, text, session = "", alt, photo }, lost) {
  const address = form.getAttribute("action")
  const csrf = csrfOf(form)
  if (gone) return ask(`${address}/${key}/withdraw`, { data: {}, csrf })
  const data = { text, idempotency: key, session }
  if (photo === undefined) return ask(address, { data, csrf })
  if (photo === null) return { status: 422, json: { error: { code: "photo_lost", message: lost } } }
  const parts = new FormData()
  for (const [name, value] of Object.entries({ ...data, alt: alt ?? "" })) parts.append(name, value)
  parts.append("photo", fileOf(photo))
  return ask(address, { data: parts, csrf, timeoutMs: PHOTO_TIMEOUT_MS })
}

// The cookie or the form's token may be older than the page: ask who we are, and take the fresh token.
export async function rejoin(slug) {
  const me = await ask(`/${slug}/me`)
  if (!me?.json?.csrf) return false
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = me.json.csrf
  return me.json.joined === true
}
