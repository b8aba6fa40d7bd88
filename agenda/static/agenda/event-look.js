// event-look.js: keeps what stands around a page in step with the event: name, hashtag, place, question, colour, zone. What only a
// new page can follow (`reload` names those parts) loads it again, spread over time and when the server answers.

import { LiveList } from "live/live-list"
import { pageAnswers } from "live/renewal"

const SPREAD_MS = 15_000

class EventLook extends LiveList {
  #parts = {}
  #turn = 0

  connectedCallback() {
    this.#parts = this.#read()
  }

  changed() {
    const before = this.#parts
    this.#parts = { ...before, ...this.#read() }
    this.#show(before)
    const reloading = (this.getAttribute("reload") ?? "").split(" ").filter(Boolean)
    if (reloading.some((name) => this.#parts[name] !== before[name])) this.#loadAgain(before.slug)
    super.changed()
  }

  #read() {
    return Object.fromEntries([...this.querySelectorAll("[data-part]")].map(({ dataset, textContent }) => [dataset.part, textContent]))
  }

  #show(before) {
    const { name, accent, zone } = this.#parts
    for (const element of document.querySelectorAll("[data-shows]")) {
      const text = this.#parts[element.dataset.shows]
      if (element.textContent !== text) element.textContent = text
      element.hidden = text === ""
    }
    for (const element of document.querySelectorAll("[zone]")) element.setAttribute("zone", zone)
    for (const element of document.querySelectorAll("[data-zone]")) element.dataset.zone = zone
    const { dataset } = document.documentElement
    if ((dataset.accent ?? "") !== accent) dataset.accent = accent
    document.title = renamed(document.title, before.name, name)
  }

  // The address may be a new one, too. Of several such changes the last one counts.
  async #loadAgain(slug) {
    const turn = (this.#turn += 1)
    const url = new URL(location.href)
    url.pathname = url.pathname.replace(`/${slug}/`, `/${this.#parts.slug}/`)
    await pageAnswers(url.href, { spreadMs: SPREAD_MS })
    if (turn !== this.#turn) return
    if (url.href === location.href) location.reload()
    else location.replace(url)
  }
}

// "(3) Desk · Old name" -> "(3) Desk · New name"
export function renamed(title, before, after) {
  const at = before ? title.lastIndexOf(before) : -1
  return at < 0 ? title : title.slice(0, at) + after + title.slice(at + before.length)
}

customElements.define("event-look", EventLook)
