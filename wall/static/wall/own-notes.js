// own-notes.js: a guest's own notes, each with where it is and a way back. Fills in what a fragment does not know, because it
// changes without the note: the hour in the event's zone, how long a look takes, whom to ask, and when the wall comes up for a note
// that has not stood there.

import { LiveList } from "live/live-list"

class OwnNotes extends LiveList {
  static observedAttributes = ["zone", "wait"]
  #listening
  #leaving = new Set() // keys that wait to be taken back

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.addEventListener("click", (event) => this.#clicked(event), { signal })
    document.addEventListener("live-change", ({ target }) => target.id === "coming" && this.attributeChangedCallback(), { signal })
    document.addEventListener("notes-leaving", ({ detail }) => this.#marked(detail.keys), { signal })
  }

  disconnectedCallback() {
    this.#listening.abort()
  }

  attributeChangedCallback() {
    for (const note of this.keyed()) this.#fill(note)
  }

  put(item, options) {
    const note = super.put(item, options)
    if (note) this.#fill(note)
    return note
  }

  // Not the newest is new here: one has written it oneself.
  mark() {}

  #marked(keys) {
    this.#leaving = new Set(keys)
    for (const note of this.keyed()) this.#fill(note)
  }

  #fill(note) {
    const wait = this.getAttribute("wait")
    say(note, "[data-wait]", wait ? `, ${wait}` : "")
    say(note, "[data-ask]", this.getAttribute("ask") ?? "")
    say(note, "time:not([data-at])", this.#clock(note.dataset.since))
    this.#fillComing(note, document.querySelector("#coming > [data-key]"))
    for (const time of note.querySelectorAll("time[data-at]")) time.textContent = this.#clock(time.dataset.at)
    const leaving = this.#leaving.has(note.dataset.key) && note.dataset.state !== "withdrawn"
    note.toggleAttribute("data-leaving", leaving)
    note.querySelector(".note__state").hidden = leaving
    const words = note.querySelector(".note__leaving")
    if (words) words.hidden = !leaving
  }

  // A note that was drawn after the programme has changed knows better.
  #fillComing(note, told) {
    const comes = note.querySelector("[data-comes]")
    if (!comes || !told || Number(told.dataset.version) < Number(note.dataset.version)) return
    comes.replaceChildren(...told.cloneNode(true).childNodes)
    comes.hidden = comes.childNodes.length === 0
  }

  #clock(since) {
    const zone = this.getAttribute("zone") || undefined
    return new Intl.DateTimeFormat("de", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(since))
  }

  #clicked(event) {
    const button = event.target.closest("[data-act=withdraw]")
    if (!button) return
    event.preventDefault() // the form would leave the page, and could not wait for a network
    const { key } = button.closest(".note").dataset
    this.dispatchEvent(new CustomEvent("note-withdraw", { bubbles: true, detail: { key } }))
  }
}

function say(note, where, words) {
  const element = note.querySelector(where)
  if (element && element.textContent !== words) element.textContent = words
}

customElements.define("own-notes", OwnNotes)
