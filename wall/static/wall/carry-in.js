// carry-in.js: reads the key behind the # into the form, and offers to send the notes that still wait here. What carries over is
// the form itself; without this module the code is typed.

import { safeStorage } from "eventhub/storage"
import { Draft } from "wall/draft"
import { rejoin, send } from "wall/note-delivery"
import { Outbox } from "wall/outbox"

class CarryIn extends HTMLElement {
  #listening
  #outbox

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    // An address that differs only behind the # does not load the page again.
    addEventListener("hashchange", () => this.#read(), { signal })
    this.#read()
    const notes = this.querySelector("[data-unsent]")
    if (notes) this.#waitWith(notes, signal)
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  // The key stays in the address: it works once and for minutes, and a page that is loaded again still has it.
  #read() {
    const key = location.hash.slice(1)
    if (key !== "") this.querySelector("[name=key]").value = key
    for (const name of ["field", "typed"]) this.querySelector(`[data-${name}]`).hidden = key !== ""
    this.querySelector("[data-scanned]").hidden = key === ""
  }

  // Sent as whoever this browser is so far. Nothing is lost without it: the notes then follow as the other guest.
  #waitWith(notes, signal) {
    const slug = this.getAttribute("slug")
    this.#outbox = new Outbox({
      slug,
      storage: safeStorage(),
      send: (entry) => send(notes, entry, ""),
      rejoin: () => rejoin(slug),
      lock: (act) => navigator.locks?.request(`eventhub.outbox.${slug}`, act) ?? act(),
    })
    this.#outbox.addEventListener("refused", ({ detail }) => this.#refused(slug, detail), { signal })
    addEventListener("storage", () => this.#count(notes), { signal })
    this.querySelector("[data-send]").addEventListener("click", ({ target }) => this.#send(notes, target), { signal })
    this.#count(notes)
  }

  #count(notes) {
    const n = this.#outbox.entries().length
    this.#say(n === 1 ? this.dataset.one : this.dataset.many.replace("{n}", n))
    notes.hidden = n === 0
  }

  async #send(notes, button) {
    button.setAttribute("aria-busy", "true")
    await this.#outbox.wake()
    button.removeAttribute("aria-busy")
    this.#count(notes)
    if (!notes.hidden) this.#say(this.dataset.offline)
  }

  // The words are kept where the next note is written.
  #refused(slug, { entry, message }) {
    const draft = new Draft(slug)
    draft.keep([entry.text, draft.read()].filter(Boolean).join("\n"))
    const line = this.querySelector("[data-refused-words]")
    line.textContent = this.dataset.refused.replace("{message}", message ?? "")
    line.hidden = false
  }

  #say(words) {
    this.querySelector("[data-unsent-words]").textContent = words
  }
}

customElements.define("carry-in", CarryIn)
