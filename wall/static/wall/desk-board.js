// desk-board.js: sorts the desk's posts, sources and mode into their places, and sends a moderator's answers. Shows nothing
// before the server has said it: what happened comes back as a frame, to the doer as to everybody.

import { ask, csrfOf } from "eventhub/request"
import { insertInOrder, LiveList } from "live/live-list"
import { DeskFilter } from "wall/desk-filter"
import { DeskFront } from "wall/desk-front"
import { deskKeys } from "wall/desk-keys"
import { DeskQueue } from "wall/desk-queue"
import { excerpt } from "wall/desk-words"

const PANELS = ["mode", "steps", "people"] // of each there is one
const DECIDING = ["show", "hide", "children"]
const LISTS = { pending: "asc", shown: "desc", hidden: "desc" }
const KEPT = 60
const BUSY_MS = 5_000
const UNDO_MS = 60_000

class DeskBoard extends LiveList {
  #listening
  #undoing
  #offered = null // the key of the post that the undo bar names
  #filter = null
  #front = null
  #queue = null

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#filter = new DeskFilter(this.querySelector("[data-filter]"), signal, {
      changed: () => this.#chosen(),
      opened: () => this.#queue.refill(),
    })
    this.#queue = new DeskQueue(this, this.#filter)
    this.#front = new DeskFront(this, this.#form, this.#filter, (told) => this.#queue.told(told))
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.addEventListener("click", (event) => this.#later(event.target.closest("[data-later]")), { signal })
    addEventListener("pagehide", () => this.#front.close(), { signal })
    addEventListener("pageshow", ({ persisted }) => persisted && this.#front.open(), { signal })
    deskKeys(this, signal, { press: (button) => this.#answer(button), later: (card) => this.#later(card), look: (card) => this.#front.look(card) })
    this.toggleAttribute("data-fronted", true)
    this.changed()
    this.#queue.open()
    this.#front.open()
  }

  disconnectedCallback() {
    this.#listening.abort()
    this.#queue.close()
    this.#front.close()
  }

  get #form() {
    return document.getElementById("act")
  }

  #list(name) {
    return this.querySelector(`[data-list="${name}"]`)
  }

  // What its author has taken back is not named any more, either.
  put(item, options) {
    if (item.html === null && item.key === this.#offered) this.#offerUndo(null)
    return super.put(item, options)
  }

  apply(items) {
    super.apply(items)
    this.#queue.missed()
  }

  reset(items) {
    if (!items.some(({ key, html }) => key === this.#offered && html !== null)) this.#offerUndo(null)
    super.reset(items)
    this.#queue.missed()
  }

  place(next, current) {
    const kind = next.dataset.kind
    const name = kind === "post" ? next.dataset.state : kind
    const host = this.#list(name)
    if (current?.parentElement === host && current.dataset.order === next.dataset.order) {
      if (current.hasAttribute("aria-current")) next.setAttribute("aria-current", "true")
      if (current.querySelector("details[open]")) next.querySelector("details").open = true
      return current.replaceWith(next)
    }
    current?.remove()
    if (PANELS.includes(kind)) host.replaceChildren(next)
    else insertInOrder(host, next, LISTS[name] ?? "asc")
  }

  // Of what is decided the newest stay; of what waits, the oldest (desk-queue.js).
  trim() {
    for (const name of ["shown", "hidden"]) while (this.#list(name).children.length > KEPT) this.#list(name).lastElementChild.remove()
  }

  changed() {
    this.#front?.changed()
    const waiting = this.#queue?.changed() ?? 0
    Object.assign(this.dataset, Object.fromEntries(Object.keys(LISTS).map((name) => [name, this.#list(name).children.length])))
    document.title = document.title.replace(/^(\(\d+\) )?/, waiting ? `(${waiting}) ` : "")
  }

  // Something else is to be seen: what does not belong to it leaves, what does is fetched.
  async #chosen() {
    this.changed()
    await this.#queue.refill()
    this.#front.changed()
  }

  #later(place) {
    const card = place?.closest("[data-kind=post][data-state=pending]")
    if (card) this.#front.next(card.dataset.key)
  }

  #submit(event) {
    event.preventDefault()
    const settling = this.hasAttribute("data-settling") && event.submitter?.closest("[data-list=pending]")
    if (event.submitter && !settling) this.#answer(event.submitter)
  }

  async #answer(button) {
    if (button.getAttribute("aria-busy") === "true") return
    const card = button.closest("[data-kind=post]")
    this.#problem("")
    const release = busy(card?.querySelectorAll("button") ?? [button])
    const mine = card && card === this.#front.card && DECIDING.includes(button.dataset.act)
    const data = { [button.name]: button.value, ...(mine && { next: 1, ...this.#filter.data }) }
    const answer = await this.#front.answering(() => ask(button.formAction, { data, csrf: csrfOf(this.#form) }))
    if (answer?.status !== 200) {
      release()
      this.#problem(this.#explain(answer))
      return this.#front.changed()
    }
    setTimeout(release, BUSY_MS) // the frame replaces the button long before
    if (button.dataset.act === "undo") this.#offerUndo(null)
    else if (card && answer.json.undo) this.#offerUndo(button, card, answer.json)
    if (mine) return this.#front.take(answer.json.next)
    this.#front.changed()
    if (!button.closest("[data-variants]")) return
    button.blur() // the line is drawn anew, and never under somebody's fingers
    this.#front.beat()
  }

  #explain(answer) {
    if (!answer) return this.dataset.offline
    if (answer.json?.error?.message) return answer.json.error.message
    if (answer.status === 409) return this.dataset.meanwhile
    return answer.status === 401 || answer.status === 403 ? this.dataset.signin : this.dataset.failed
  }

  #problem(words) {
    const line = this.querySelector("[data-problem]")
    line.textContent = words
    line.hidden = words === ""
  }

  #offerUndo(button, card, { undo: decision, undo_at: where } = {}) {
    const bar = this.querySelector("[data-undo][role=status]")
    clearTimeout(this.#undoing)
    bar.hidden = !button
    this.#offered = card?.dataset.key ?? null
    if (!button) return bar.querySelector("[data-undo-words]").replaceChildren()
    bar.querySelector("[data-undo-words]").textContent = button.dataset.done.replace("{text}", excerpt(card.querySelector("[data-text]").textContent))
    const undo = bar.querySelector("button")
    undo.setAttribute("formaction", where ?? button.dataset.undo)
    undo.value = decision
    busy([undo])()
    this.#undoing = setTimeout(() => this.#offerUndo(null), UNDO_MS)
  }
}

function busy(buttons) {
  for (const button of buttons) button.setAttribute("aria-busy", "true")
  return () => {
    for (const button of buttons) button.removeAttribute("aria-busy")
  }
}

customElements.define("desk-board", DeskBoard)
