// plan-post.js: asks the server for what was done on the staff's board, says what came of it, and keeps the way back.

import { ask, csrfOf } from "eventhub/request"

const UNDO_MS = 90_000

export class PlanPost {
  #board
  #undo = null
  #undoing
  busy = false

  constructor(board, signal) {
    this.#board = board
    this.#find("[data-bar] [data-act=undo]").addEventListener("click", () => this.#takeBack(), { signal })
    const kept = document.getElementById("plan-undo")
    if (kept) this.#resume(kept)
  }

  stop() {
    clearTimeout(this.#undoing)
  }

  // Answers what the server said was done, or null: then the reason stands on the board. One deed at a time, however often tapped.
  async send(path, data, { before = "" } = {}) {
    if (this.busy) return null
    this.busy = true
    this.problem("")
    const { slug } = this.#board.dataset
    const answer = await ask(`/${slug}/home/barcamp/${path}`, { data, csrf: csrfOf(document.getElementById("plan-act")) })
    this.busy = false
    if (answer?.status !== 200) {
      this.bar("")
      this.problem(`${before} ${this.#explain(answer)}`.trim())
      return null
    }
    this.say(answer.json.said)
    this.#offer(answer.json)
    return answer.json
  }

  #explain(answer) {
    const { offline, gone, signin, failed } = this.#board.dataset
    if (!answer) return offline
    if (answer.json?.error?.message) return answer.json.error.message
    if (answer.status === 404) return gone
    return answer.status === 401 || answer.status === 403 ? signin : failed
  }

  problem(words) {
    const line = this.#find("[data-problem]")
    line.textContent = words
    line.hidden = words === ""
  }

  say(words) {
    this.#find("[data-say]").textContent = words
  }

  words(name, values) {
    return this.#board.dataset[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole)
  }

  // The bar at the foot: what was done and its undo, or what is in the hand and what can be done with it.
  bar(words, { undo = false, acts = [] } = {}) {
    this.#find("[data-bar]").hidden = words === ""
    this.#find("[data-bar-words]").textContent = words
    this.#find("[data-bar] [data-act=undo]").hidden = !undo
    this.#find("[data-acts]").hidden = acts.length === 0
    for (const button of this.#find("[data-acts]").children) button.hidden = !acts.includes(button.dataset.act)
  }

  // What was done before the page was loaded again; without scripts the form itself is the way back.
  #resume(form) {
    const data = Object.fromEntries(new FormData(form))
    delete data.csrfmiddlewaretoken
    const { said, path, ms } = form.dataset
    form.remove()
    this.#offer({ said, undo: { path, data } }, Number(ms))
  }

  #offer({ said, undo }, ms = UNDO_MS) {
    this.#undo = undo
    this.bar(said, { undo: Boolean(undo) })
    clearTimeout(this.#undoing)
    this.#undoing = setTimeout(() => this.#undo === undo && !this.#board.hand.thing && this.bar(""), ms)
  }

  async #takeBack() {
    const { path, data } = this.#undo ?? {}
    if (!path) return
    this.#undo = null
    await this.send(path, data, { before: this.#board.dataset.undone })
  }

  #find(selector) {
    return this.#board.querySelector(selector)
  }
}
