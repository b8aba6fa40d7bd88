// note-composer.js: the field people write in, and an honest line about every note that is not at the server yet. Sending is
// the outbox's business; without this module the form posts by itself.

import { ask, csrfOf } from "eventhub/request"
import { safeStorage } from "eventhub/storage"
import { graphemes } from "wall/graphemes"
import { Outbox } from "wall/outbox"

const COUNT_FROM = 40

class NoteComposer extends HTMLElement {
  #outbox
  #listening
  #form
  #field

  connectedCallback() {
    this.#form = this.querySelector("form")
    this.#field = this.#form.elements.namedItem("text")
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#outbox = new Outbox({
      slug: this.#slug,
      storage: safeStorage(),
      send: (entry) => this.#send(entry),
      rejoin: () => this.#rejoin(),
      lock: (act) => navigator.locks?.request(`eventhub.outbox.${this.#slug}`, act) ?? act(),
    })
    this.#outbox.addEventListener("change", () => this.#list(), { signal })
    this.#outbox.addEventListener("sent", ({ detail }) => this.#sent(detail), { signal })
    this.#outbox.addEventListener("refused", ({ detail }) => this.#refused(detail), { signal })
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.#field.addEventListener("input", () => this.#typed(), { signal })
    this.#field.addEventListener("keydown", (event) => this.#shortcut(event), { signal })
    this.#follow(signal)
    this.#restore()
    this.#check()
    this.#list()
    this.#outbox.flush()
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  get #slug() {
    return this.getAttribute("slug")
  }

  get #draftName() {
    return `eventhub.draft.${this.#slug}`
  }

  // Whatever tells that the network may be back.
  #follow(signal) {
    const wake = () => document.hidden || this.#outbox.wake()
    addEventListener("online", wake, { signal })
    addEventListener("storage", () => this.#list(), { signal })
    document.addEventListener("visibilitychange", wake, { signal })
    document.addEventListener("stream-state", ({ detail }) => detail.state === "open" && wake(), { signal })
  }

  // A draft survives a reload of the page, in this tab only.
  #restore() {
    try {
      this.#field.value ||= sessionStorage.getItem(this.#draftName) ?? ""
    } catch {
      // Storage is forbidden: the draft lives as long as the page.
    }
  }

  #keepDraft() {
    try {
      sessionStorage.setItem(this.#draftName, this.#field.value)
    } catch {
      // As above.
    }
  }

  #typed() {
    this.#keepDraft()
    this.#problem("")
    this.#check()
  }

  #check() {
    const count = graphemes(this.#field.value)
    const left = Number(this.getAttribute("limit")) - count
    const words = this.querySelector("[data-count]")
    words.toggleAttribute("data-over", left < 0)
    words.textContent = this.#words(count, left)
    const fine = count > 0 && left >= 0
    this.#form.querySelector(".go").setAttribute("aria-disabled", String(!fine))
    return fine
  }

  #words(count, left) {
    if (count === 0) return this.dataset.empty
    if (left < 0) return this.dataset.over.replace("{n}", -left)
    return left <= COUNT_FROM ? this.dataset.left.replace("{n}", left) : ""
  }

  #shortcut(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#form.requestSubmit()
  }

  #submit(event) {
    event.preventDefault()
    if (!this.#check()) return this.#field.focus()
    this.#outbox.add(this.#field.value)
    this.#write("")
    this.#outbox.flush()
  }

  #write(text) {
    this.#field.value = text
    this.#typed()
  }

  #problem(words) {
    const line = this.#form.querySelector("[data-problem]")
    line.textContent = words
    line.hidden = words === ""
  }

  #send({ key, text }) {
    return ask(this.#form.action, { data: { text, idempotency: key }, csrf: csrfOf(this.#form) })
  }

  // The cookie or the form's token may be older than the page: ask who we are, and take the fresh token.
  async #rejoin() {
    const me = await ask(`/${this.#slug}/me`)
    if (!me?.json?.csrf) return false
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = me.json.csrf
    return me.json.joined === true
  }

  // The answer may come before the frame or after it; the list keeps whichever is newer.
  #sent({ note }) {
    const { key, version, html } = note
    if (html) for (const list of document.querySelectorAll("[topic=mine]")) list.put({ key, version, html, order: version })
    document.querySelector("event-stream")?.followMine()
  }

  // The text goes back to where it was written, unless something new is being written there.
  #refused({ entry, message }) {
    if (this.#field.value.trim() === "") this.#write(entry.text)
    else this.#write(`${entry.text}\n${this.#field.value}`)
    this.#problem(message ?? "")
    this.#field.focus()
  }

  #list() {
    const template = this.querySelector("template")
    const rows = this.#outbox.entries().reverse().map((entry) => {
      const row = template.content.cloneNode(true)
      row.querySelector(".note__text").textContent = entry.text
      row.querySelector(".note__state").textContent = this.#state(entry)
      return row
    })
    this.querySelector("[data-queue]").replaceChildren(...rows)
  }

  #state({ sending, busy, held }) {
    if (held) return this.dataset.held
    if (busy) return this.dataset.busy
    return sending ? this.dataset.sending : this.dataset.waiting
  }
}

customElements.define("note-composer", NoteComposer)
