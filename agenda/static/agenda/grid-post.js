// grid-post.js: asks the server for what was done in the day grid, says what came of it, and keeps the way back.

import { ask, csrfOf } from "eventhub/request"

const UNDO_MS = 60_000

export class GridPost {
  #board
  #undo = null
  #undoing

  constructor(board, signal) {
    this.#board = board
    this.#find("[data-act=undo]").addEventListener("click", () => this.#takeBack(), { signal })
  }

  stop() {
    clearTimeout(this.#undoing)
  }

  // `words`: what was done; `undo(answer)` gives what takes it back: [path, data, words]. Answers whether it was done.
  async send(path, data, { words, undo } = {}) {
    this.problem("")
    const { editor, dataset } = this.#board
    const answer = await ask(`/${dataset.slug}/home/programme/${path}`, { data, csrf: csrfOf(editor.form) })
    if (answer?.status !== 200) {
      this.bar("")
      this.problem(this.#explain(answer))
      return false
    }
    this.say(words)
    this.#offer(words, undo?.(answer.json) ?? null)
    return true
  }

  #explain(answer) {
    const { offline, gone, signin, failed } = this.#board.dataset
    if (!answer) return offline
    if (answer.json?.error?.message) return answer.json.error.message
    if (answer.status === 404) return gone
    return answer.status === 401 || answer.status === 403 ? signin : failed
  }

  problem(words) {
    for (const line of [this.#find("[data-problem]"), this.#board.editor.problem]) {
      if (!line) continue
      line.textContent = words
      line.hidden = words === ""
    }
  }

  say(words) {
    this.#find("[data-say]").textContent = words
  }

  words(name, values) {
    return this.#board.dataset[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole)
  }

  // The bar at the foot: what was done and its undo, or what is in the hand and what can be done with it.
  bar(words, { undo = false, picked = false } = {}) {
    this.#find("[data-bar]").hidden = words === ""
    this.#find("[data-bar-words]").textContent = words
    this.#find("[data-act=undo]").hidden = !undo
    this.#find("[data-picked]").hidden = !picked
  }

  #offer(words, undo) {
    this.#undo = undo
    this.bar(words, { undo: Boolean(undo) })
    clearTimeout(this.#undoing)
    this.#undoing = setTimeout(() => this.#undo === undo && !this.#board.hand.thing && this.bar(""), UNDO_MS)
  }

  async #takeBack() {
    const [path, data, words] = this.#undo ?? []
    if (path) await this.send(path, data, { words })
  }

  #find(selector) {
    return this.#board.querySelector(selector)
  }
}
