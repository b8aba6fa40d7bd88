// grid-edit.js: time, length and room of one card as fields, and what else can be done with it. Without scripts the same form is sent.

import { MINUTE_MS } from "agenda/grid-scale"

export class GridEditor {
  #board
  #dialog
  #of = null // the data of the card that is being edited

  constructor(board, dialog, signal) {
    this.#board = board
    this.#dialog = dialog
    this.form.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.#act("close").addEventListener("click", (event) => event.preventDefault() ?? dialog.close(), { signal })
    dialog.addEventListener("close", () => this.#closed(), { signal })
    if (!dialog.open) return
    dialog.close()
    const wanted = new URLSearchParams(location.search)
    const element = board.find(wanted.get("edit") ?? "") ?? board.querySelector(`[data-tray] [data-session="${CSS.escape(wanted.get("session") ?? "")}"]`)
    if (element) queueMicrotask(() => this.open(element))
  }

  get form() {
    return this.#dialog.querySelector("form")
  }

  get problem() {
    return this.#dialog.open ? this.#dialog.querySelector("[data-wrong]") : null
  }

  open(element) {
    const { thing } = this.#board.hand
    const chosen = thing && this.#board.hand.holds(element) ? thing : null
    this.#of = { ...element.dataset, title: element.querySelector("[data-title]").textContent }
    const { key, session, version, room, start, end, cancelled } = this.#of
    const begins = chosen?.start ?? (start ? Date.parse(start) : null)
    const { elements } = this.form
    this.#dialog.querySelector("#edit-title").textContent = this.#of.title
    elements.session.value = session ?? ""
    elements.version.value = version ?? ""
    elements.day.value = this.#board.dataset.day
    elements.start.value = this.#board.time(begins ?? Date.parse(this.#board.dataset.opens))
    elements.minutes.value = key ? (Date.parse(end) - Date.parse(start)) / MINUTE_MS : this.#board.dataset.minutes
    elements.room.value = chosen?.room ?? room ?? elements.room.options[0].value
    this.#dialog.querySelector("[data-placed]").hidden = !key
    this.#act("cancel").hidden = cancelled !== undefined
    this.#act("restore").hidden = cancelled === undefined
    this.#offerSwaps(key)
    this.#board.hand.leave()
    this.#dialog.showModal()
    this.#board.post.problem("")
    elements.start.focus()
  }

  #offerSwaps(key) {
    const others = key ? [...this.#board.keyed()].filter(({ dataset }) => dataset.key !== key) : []
    others.sort((a, b) => Number(a.dataset.order) - Number(b.dataset.order))
    this.form.elements.with.replaceChildren(...others.map((card) => new Option(`${this.#board.time(Date.parse(card.dataset.start))} ${card.querySelector("[data-title]").textContent}`, card.dataset.key)))
    this.#dialog.querySelector("[data-swap]").hidden = others.length === 0
  }

  async #submit(event) {
    event.preventDefault()
    const act = event.submitter?.dataset.act ?? "save"
    const busy = this.form.querySelectorAll("button")
    for (const button of busy) button.disabled = true
    const done = await this.#do(act)
    for (const button of busy) button.disabled = false
    if (done) this.#dialog.close()
  }

  #do(act) {
    const { key, session, version, title, room, start, end } = this.#of
    const words = (name) => this.#board.post.words(name, { title })
    const was = start && { room, at: new Date(start).toISOString(), minutes: (Date.parse(end) - Date.parse(start)) / MINUTE_MS }
    const slot = `slots/${key}`
    if (act === "save") return this.#save(was)
    if (act === "cancel") return this.#board.post.send(`${slot}/cancel`, {}, { words: words("cancelled"), undo: () => [`${slot}/restore`, {}, words("restored")] })
    if (act === "restore") return this.#board.post.send(`${slot}/restore`, {}, { words: words("restored"), undo: () => [`${slot}/cancel`, {}, words("cancelled")] })
    if (act === "remove") return this.#board.post.send(`${slot}/remove`, { version }, { words: words("removed"), undo: () => ["place", { ...was, session }, words("restored")] })
    return this.swap(this.#board.find(key), this.#board.find(this.form.elements.with.value))
  }

  #save(was) {
    const { key, title } = this.#of
    const { room, day, start, minutes, version, session } = this.form.elements
    const data = { room: room.value, day: day.value, start: start.value, minutes: minutes.value, version: version.value, session: session.value }
    const words = this.#board.post.words("placed", { title, time: start.value, room: room.selectedOptions[0].textContent })
    const back = this.#board.post.words("restored", { title })
    const undo = (made) => (key ? [`slots/${key}/move`, { ...was, version: made.version }, back] : [`slots/${made.key}/remove`, { version: made.version }, this.#board.post.words("removed", { title })])
    return this.#board.post.send(key ? `slots/${key}/move` : "place", data, { words, undo })
  }

  // Each takes the other's place.
  swap(one, other) {
    if (!one || !other) return this.#board.post.problem(this.#board.dataset.gone)
    const path = `slots/${one.dataset.key}/swap`
    const words = this.#board.post.words("swapped", { title: title(one), other: title(other) })
    const data = { with: other.dataset.key, version: one.dataset.version, with_version: other.dataset.version }
    return this.#board.post.send(path, data, { words, undo: () => [path, { with: other.dataset.key }, words] })
  }

  #act(name) {
    return this.#dialog.querySelector(`[data-act="${name}"]`)
  }

  // The card may have been drawn anew meanwhile.
  #closed() {
    this.#board.find(this.#of?.key ?? "")?.querySelector(".card__open").focus()
  }
}

const title = (card) => card.querySelector("[data-title]").textContent
