// note-composer.js: the field people write in, and whatever becomes of a note or of taking it back. Sending is the outbox's
// business; without this module the form posts by itself.

import { safeStorage } from "eventhub/storage"
import { Draft } from "wall/draft"
import { graphemes } from "wall/graphemes"
import { rejoin, send } from "wall/note-delivery"
import { Outbox } from "wall/outbox"
import "wall/note-queue"
import "wall/note-target"
import "wall/own-notes"
import "wall/photo-field"
import "wall/share-note"

const COUNT_FROM = 40

class NoteComposer extends HTMLElement {
  #outbox
  #listening
  #draft
  #form
  #field

  connectedCallback() {
    this.#form = this.querySelector("form")
    this.#field = this.#form.elements.namedItem("text")
    this.#draft = new Draft(this.#slug)
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#outbox = new Outbox({
      slug: this.#slug,
      storage: safeStorage(),
      send: (entry) => send(this.#form, entry, this.dataset.lost),
      rejoin: () => rejoin(this.#slug),
      lock: (act) => navigator.locks?.request(`eventhub.outbox.${this.#slug}`, act) ?? act(),
    })
    this.#outbox.addEventListener("change", () => this.#list(), { signal })
    this.#outbox.addEventListener("sent", ({ detail }) => this.#sent(detail), { signal })
    this.#outbox.addEventListener("refused", ({ detail }) => this.#refused(detail), { signal })
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.#field.addEventListener("input", () => this.#typed(), { signal })
    this.#field.addEventListener("keydown", (event) => this.#shortcut(event), { signal })
    document.addEventListener("note-withdraw", ({ detail }) => this.#withdraw(detail.key), { signal })
    this.#follow(signal)
    this.#field.value ||= this.#draft.read()
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

  // Whatever tells that the network may be back.
  #follow(signal) {
    const wake = () => document.hidden || this.#outbox.wake()
    addEventListener("online", wake, { signal })
    addEventListener("storage", () => this.#list(), { signal })
    document.addEventListener("visibilitychange", wake, { signal })
    document.addEventListener("stream-state", ({ detail }) => detail.state === "open" && wake(), { signal })
  }

  #typed() {
    this.#draft.keep(this.#field.value)
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
    if (!this.#check() || this.#photoField?.busy) return this.#field.focus()
    const { session = "", tag = "" } = this.querySelector("note-target") ?? {}
    const { photo = "", alt = "" } = this.#photoField ?? {}
    this.#outbox.add(this.#field.value, { session, tag, photo, ...(photo && { alt }) })
    this.#write("")
    this.#photoField?.clear()
    this.#outbox.flush()
  }

  get #photoField() {
    return this.querySelector("photo-field")
  }

  #withdraw(key) {
    this.querySelector("share-note").withdraw()
    this.#outbox.withdraw(key)
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

  // The answer may come before the frame or after it; the list keeps whichever is newer.
  #sent({ entry, answer }) {
    const { key, version, html } = answer.note
    for (const list of document.querySelectorAll("[topic=mine]")) {
      list.setAttribute("wait", answer.wait ?? "")
      if (html) list.put({ key, version, html, order: version })
    }
    document.querySelector("event-stream")?.followMine()
    if (!entry.gone) this.querySelector("share-note").offer(entry.text, entry.tag)
  }

  // The text goes back to where it was written, unless something new is being written there.
  #refused({ entry, message }) {
    this.#problem(message ?? "")
    if (entry.gone) return
    const newer = this.#field.value.trim()
    this.#write(newer === "" ? entry.text : `${entry.text}\n${this.#field.value}`)
    this.#problem(message ?? "")
    this.#field.focus()
  }

  #list() {
    const entries = this.#outbox.entries()
    this.querySelector("note-queue").show?.(entries.filter(({ gone }) => !gone))
    const keys = entries.filter(({ gone }) => gone).map(({ key }) => key)
    document.dispatchEvent(new CustomEvent("notes-leaving", { detail: { keys } }))
  }
}

customElements.define("note-composer", NoteComposer)
