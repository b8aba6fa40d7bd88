// pitch-desk.js: the pitch page: follows the sheet of its topic part by part, and sends what is tapped and typed.

import { PitchFields } from "agenda/pitch-fields"
import { PitchPad } from "agenda/pitch-pad"
import { swapParts } from "agenda/pitch-parts"
import { PitchPost } from "agenda/pitch-post"
import { wait } from "live/backoff"
import { fragment } from "live/fragment"

const STEP_MS = 50
const PATIENCE_STEPS = 20

class PitchDesk extends HTMLElement {
  #fields
  #pad
  #post
  #listening
  #quarrel = ""
  #busy = false

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#post = new PitchPost(this, signal)
    this.#fields = new PitchFields(this, this.#post)
    this.#pad = new PitchPad(this, this.#fields, signal)
    this.addEventListener("click", (event) => this.#click(event), { signal })
    this.addEventListener("input", ({ target }) => target.dataset.field && this.#fields.typed(target.dataset.field), { signal })
    this.addEventListener("keydown", (event) => this.#enter(event), { signal })
    this.setAttribute("data-live", "")
    this.#drawn()
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#post.stop()
  }

  apply(items) {
    for (const { html, version } of items) if (html !== null && version >= this.#version) this.#take(fragment(html))
  }

  reset(items) {
    this.apply(items)
  }

  get #sheet() {
    return this.querySelector("[data-key]")
  }

  get #version() {
    return Number(this.#sheet?.dataset.version ?? -1)
  }

  #take(next) {
    if (this.#sheet) swapParts(this.#sheet, next)
    else this.querySelector("[data-sheet]").replaceChildren(next)
    this.querySelector("[data-none]")?.remove()
    this.#drawn()
  }

  #drawn() {
    const sheet = this.#sheet
    if (!sheet) return
    const stored = {}
    for (const { dataset, defaultValue } of sheet.querySelectorAll("[data-field]")) stored[dataset.field] = dataset.stored ?? defaultValue
    this.#fields.draw(sheet.dataset.card, stored, this.#version)
    this.#pad.tame()
    this.#sayParts(sheet)
    const start = document.querySelector("[data-switch]")
    if (start) start.hidden = sheet.dataset.phase === "pitch"
  }

  // The sheet names both helpers and is the same for all; who reads it is "you".
  #sayParts(sheet) {
    const line = sheet.querySelector("[data-part=parts]")
    if (!line) return
    const { me, youCount, youWrite, swap } = this.dataset
    const mine = { counter: line.dataset.counter === me, writer: line.dataset.writer === me }
    for (const [part, words] of [["counter", youCount], ["writer", youWrite]]) {
      if (mine[part]) line.querySelector(`[data-who=${part}]`).textContent = words
      const take = line.querySelector(`[data-take=${part}]`)
      take.hidden = mine[part]
      if (mine.counter || mine.writer) take.textContent = swap
    }
  }

  async #click(event) {
    const { target } = event
    if (target.closest("[data-mine]")) return this.#settle(() => this.#fields.mine(this.#quarrel))
    if (target.closest("[data-theirs]")) return this.#settle(() => this.#fields.theirs(this.#quarrel))
    const button = target.closest("button[form]")
    if (!button) return
    event.preventDefault()
    if (button.getAttribute("form") === "pitch-new") return this.#walkUp()
    if (!this.#busy) await this.#act(button)
  }

  // One at a time: a double tap is one tap. What was typed is stored first, and a number just typed decides on the room.
  async #act(button) {
    this.#busy = true
    button.setAttribute("aria-busy", "true")
    const waits = "waits" in button.dataset && this.#fields.isDirty("hands")
    await this.#fields.flush()
    for (let step = 0; waits && this.#version < this.#fields.version && step < PATIENCE_STEPS; step += 1) await wait(STEP_MS)
    const pressed = (waits && this.querySelector(`[data-act="${CSS.escape(button.dataset.act)}"]`)) || button
    const data = pressed.name ? { [pressed.name]: pressed.value } : {}
    const path = new URL(pressed.formAction).pathname
    if (path.endsWith("/call")) data.seen = this.#sheet.dataset.card
    const { done: words = "", undo = "" } = pressed.dataset
    const title = this.querySelector("[data-field=title]")?.value ?? ""
    if ((await this.#post.send(path, data)).done) this.#post.bar(words, { undo, title })
    button.removeAttribute("aria-busy")
    this.#busy = false
  }

  async #walkUp() {
    const { sent_key: key } = document.getElementById("pitch-new").elements
    const field = this.querySelector("[data-new]")
    const title = field.value.trim()
    field.focus()
    if (title === "") return
    field.value = ""
    const made = await this.#post.send("new", { title, sent_key: key.value })
    if (!made.done) {
      field.value ||= title
      return
    }
    key.value = crypto.getRandomValues(new BigUint64Array(2)).join("").slice(0, 22)
    this.#post.bar(this.dataset[made.called ? "onStage" : "comesNext"].replace("{title}", made.title))
  }

  #enter(event) {
    if (event.key !== "Enter" || event.isComposing) return
    const { target } = event
    if (target.matches("[data-new]")) this.#walkUp()
    else if (!target.matches("[data-field=title], [data-field=host]")) return
    else if (this.#quarrel) this.#settle(() => this.#fields.mine(this.#quarrel))
    else this.#fields.flush()
    event.preventDefault()
  }

  #settle(act) {
    act()
    this.quarrel("")
  }

  // Somebody else has written `name` meanwhile: the sentence says what is there, two ways out stand below it.
  quarrel(name) {
    if (this.#quarrel && !name) this.#post.problem("")
    this.#quarrel = name
    this.querySelector("[data-quarrel]").hidden = !name
  }
}

customElements.define("pitch-desk", PitchDesk)
