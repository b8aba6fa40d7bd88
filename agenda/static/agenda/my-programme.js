// my-programme.js: one's own programme, kept in step with the stars of this browser and with every change. The server drew the
// stars it knows; those set without network or without the code are fetched, or taken from the pages that this browser keeps.

import { keptSlots } from "agenda/kept-slots"
import { order, until } from "agenda/my-order"
import { stars } from "agenda/stars"
import { ask } from "eventhub/request"
import { LiveList } from "live/live-list"

const EVERY_MS = 15_000

class MyProgramme extends LiveList {
  #listening
  #timer
  #asked = new Set()

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    stars.addEventListener("change", () => this.#follow(), { signal })
    document.addEventListener("visibilitychange", () => document.hidden || this.changed(), { signal })
    this.#timer = setInterval(() => this.changed(), EVERY_MS)
    this.#follow()
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearInterval(this.#timer)
  }

  // Of the whole programme only what is starred enters.
  place(next, current) {
    if (current) current.replaceWith(next)
    else if (stars.has(next.dataset.session)) this.#take(next)
  }

  mark() {}

  changed() {
    for (const item of this.querySelectorAll("li")) if (!item.querySelector("[data-key]")) item.remove()
    const at = Date.now()
    const { coming, past, next } = order([...this.keyed()].map(entryOf), at)
    this.#fill("[data-coming]", coming, next, at)
    this.#fill("[data-past]", past, null, at)
    this.querySelector("[data-past-fold]").hidden = past.length === 0
    this.querySelector("[data-past-count]").textContent = past.length
    this.querySelector("[data-when=empty]").hidden = coming.length + past.length > 0
  }

  #follow() {
    const words = stars.stuck ? this.dataset.waiting.replace("{n}", stars.waiting) : ""
    say(this.querySelector("[data-waiting-words]"), words)
    this.changed()
    this.#fetch()
  }

  // Each session once, unless there was no answer.
  async #fetch() {
    const here = new Set([...this.keyed()].map(({ dataset }) => dataset.session))
    const missing = stars.all().filter((session) => !here.has(session) && !this.#asked.has(session))
    if (missing.length === 0) return
    for (const session of missing) this.#asked.add(session)
    const slug = this.getAttribute("slug")
    const answer = await ask(`/${slug}/my/slots?sessions=${missing.join(",")}`)
    if (answer?.json?.items) {
      for (const item of answer.json.items) this.put(item)
    } else {
      for (const slot of await keptSlots(slug, missing)) if (!this.find(slot.dataset.key)) this.place(slot)
      for (const session of missing) this.#asked.delete(session)
    }
    this.changed()
  }

  #take(slot) {
    const item = this.querySelector("template").content.firstElementChild.cloneNode(true)
    item.querySelector("[data-clash-words]").before(slot)
    this.querySelector("[data-coming]").append(item)
  }

  // Moves only what stands elsewhere, so that the focus stays.
  #fill(where, slots, next, at) {
    const host = this.querySelector(where)
    slots.forEach((slot, place) => {
      const item = slot.element.closest("li")
      if (host.children[place] !== item) host.insertBefore(item, host.children[place] ?? null)
      const titles = slot.clashes.map((title) => `\u2068${title}\u2069`).join(", ")
      item.toggleAttribute("data-off", slot.off)
      item.toggleAttribute("data-next", slot.key === next?.key)
      say(item.querySelector("[data-clash-words]"), titles && `${this.dataset.clash} ${titles}`)
      say(item.querySelector("[data-when-words]"), slot.key === next?.key ? this.#when(slot, at) : "")
    })
  }

  #when(slot, at) {
    const { words, minutes } = until(slot, at)
    if (words === "later") return this.dataset.next
    const sentence = this.dataset[`${words}${minutes === 1 ? "One" : "Many"}`]
    return sentence.replace("{minutes}", minutes)
  }
}

function entryOf(element) {
  const { key, start, end, session } = element.dataset
  return {
    element,
    key,
    start: Date.parse(start),
    end: Date.parse(end),
    order: Number(element.dataset.order),
    title: element.querySelector(".slot__title").textContent.trim(),
    off: !stars.has(session),
    cancelled: element.hasAttribute("data-cancelled"),
  }
}

function say(line, words) {
  if (line.textContent !== words) line.textContent = words
  line.hidden = words === ""
}

customElements.define("my-programme", MyProgramme)
