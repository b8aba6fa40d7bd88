// pitch-post.js: asks the server for what was done on the pitch page, says what came of it, and names what can be undone.

import { ask, csrfOf } from "eventhub/request"

const UNDO_MS = 60_000
const WORDS_MS = 6000

export class PitchPost {
  #desk
  #undo = null
  #undoing

  constructor(desk, signal) {
    this.#desk = desk
    this.#find("[data-bar-undo]").addEventListener("click", () => this.#takeBack(), { signal })
  }

  stop() {
    clearTimeout(this.#undoing)
  }

  // Answers what the server says of it, null if it was not done; the page says why.
  async send(path, data) {
    const url = path.startsWith("/") ? path : `/${this.#desk.dataset.slug}/pitch/${path}`
    const answer = await ask(url, { data, csrf: csrfOf(document.getElementById("pitch-act")) })
    const done = answer?.status === 200
    this.problem(done ? "" : this.#explain(answer))
    return { done, taken: answer?.status === 409, ...answer?.json }
  }

  problem(words) {
    const line = this.#find("[data-problem]")
    line.textContent = words
    line.hidden = words === ""
  }

  // One bar that names the card; `undo` is the path that takes it back.
  bar(words, { undo = "", title = "" } = {}) {
    clearTimeout(this.#undoing)
    this.#undo = undo ? { undo, title } : null
    this.#find("[data-bar-words]").textContent = words
    this.#find("[data-bar-undo]").hidden = !undo
    this.#find("[data-bar]").hidden = words === ""
    if (words === "") return
    this.#find("[data-say]").textContent = words
    this.#undoing = setTimeout(() => this.bar(""), undo ? UNDO_MS : WORDS_MS)
  }

  async #takeBack() {
    const { undo, title } = this.#undo ?? {}
    this.bar("")
    if (undo && (await this.send(undo, {})).done) this.bar(this.#desk.dataset.again.replace("{title}", title))
  }

  #explain(answer) {
    const { offline, signin, failed } = this.#desk.dataset
    if (!answer) return offline
    return answer.json?.error?.message ?? (answer.status === 403 ? signin : failed)
  }

  #find(what) {
    return this.#desk.querySelector(what)
  }
}
