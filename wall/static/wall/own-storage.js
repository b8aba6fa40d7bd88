// own-storage.js: counts what this browser keeps of one event, and, where the page says so (`forget`), takes it all away, the
// pages kept for the time without network included.

import { namesIn } from "eventhub/storage"

class OwnStorage extends HTMLElement {
  connectedCallback() {
    const slug = this.getAttribute("slug")
    if (this.hasAttribute("forget")) {
      for (const storage of stores()) forget(storage, slug)
      forgetPages(slug).catch(() => {}) // forbidden: then nothing is kept
    }
    for (const row of this.querySelectorAll("[data-kinds]")) this.#count(row, slug)
  }

  #count(row, slug) {
    const kinds = row.dataset.kinds.split(" ")
    const filled = stores().flatMap((storage) => namesOf(storage, slug).filter((name) => storage.getItem(name) !== ""))
    const n = filled.map((name) => name.split(".")).filter(([, kind, , , part]) => kinds.includes(kind) && part !== "photo").length
    row.querySelector("[data-count]").textContent = n === 0 ? "" : this.dataset.here.replace("{n}", n)
  }
}

export function forget(storage, slug) {
  for (const name of namesOf(storage, slug)) storage.removeItem(name)
}

async function forgetPages(slug) {
  for (const name of (await globalThis.caches?.keys()) ?? []) {
    const cache = await caches.open(name)
    const pages = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith(`/${slug}/`))
    await Promise.all(pages.map((page) => cache.delete(page)))
  }
}

// eventhub.note.SLUG.KEY, eventhub.draft.SLUG, eventhub.mastodon: of this event or of none, but of no other event.
const namesOf = (storage, slug) => namesIn(storage, "eventhub.").filter((name) => [slug, undefined].includes(name.split(".")[2]))

function stores() {
  return ["localStorage", "sessionStorage"].flatMap((name) => {
    try {
      return [globalThis[name]]
    } catch {
      return [] // forbidden: then nothing is kept
    }
  })
}

customElements.define("own-storage", OwnStorage)
