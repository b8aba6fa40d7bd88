// desk-board.js: sorts the desk's posts, sources and mode into their places, and sends a moderator's answers. Shows nothing
// before the server has said it: what happened comes back as a frame, to the doer as to everybody.

import { ask, csrfOf } from "eventhub/request"
import { insertInOrder, LiveList } from "live/live-list"
import { deskKeys } from "wall/desk-keys"
import { ageWords, excerpt } from "wall/desk-words"

const LISTS = { pending: "asc", shown: "desc", hidden: "desc" }
const KEPT = 60
const SETTLING_MS = 700
const BUSY_MS = 5_000
const UNDO_MS = 60_000
const AGE_MS = 1_000

class DeskBoard extends LiveList {
  #listening
  #age
  #settling
  #undoing
  #offered = null // the key of the post that the undo bar names
  #front = null

  connectedCallback() {
    this.#listening = new AbortController()
    const { signal } = this.#listening
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal })
    deskKeys(this, signal, (button) => this.#answer(button))
    this.#age = setInterval(() => this.#tellAge(), AGE_MS)
    this.#front = this.#list("pending").firstElementChild?.dataset.key
    this.changed()
  }

  disconnectedCallback() {
    this.#listening.abort()
    clearInterval(this.#age)
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

  reset(items) {
    if (!items.some(({ key, html }) => key === this.#offered && html !== null)) this.#offerUndo(null)
    super.reset(items)
  }

  place(next, current) {
    const kind = next.dataset.kind
    const name = kind === "post" ? next.dataset.state : kind
    const host = this.#list(name)
    if (current?.parentElement === host && current.dataset.order === next.dataset.order) {
      if (current.hasAttribute("aria-current")) next.setAttribute("aria-current", "true")
      return current.replaceWith(next)
    }
    current?.remove()
    if (kind === "mode") host.replaceChildren(next)
    else insertInOrder(host, next, LISTS[name] ?? "asc")
  }

  // What waits is never cut off; of what is decided the newest stay.
  trim() {
    for (const name of ["shown", "hidden"]) while (this.#list(name).children.length > KEPT) this.#list(name).lastElementChild.remove()
  }

  changed() {
    const count = Object.fromEntries(Object.keys(LISTS).map((name) => [name, this.#list(name).children.length]))
    Object.assign(this.dataset, count)
    this.querySelector("[data-count]").textContent = count.pending
    document.title = document.title.replace(/^(\(\d+\) )?/, count.pending ? `(${count.pending}) ` : "")
    this.#tellAge()
    this.#settle()
  }

  // When another post moves under the thumb, answers meant for the one before it are not taken.
  #settle() {
    const front = this.#list("pending").firstElementChild?.dataset.key
    if (front === this.#front) return
    this.#front = front
    this.toggleAttribute("data-settling", true)
    clearTimeout(this.#settling)
    this.#settling = setTimeout(() => this.removeAttribute("data-settling"), SETTLING_MS)
  }

  #tellAge() {
    const oldest = this.#list("pending").firstElementChild
    if (oldest) this.querySelector("[data-age]").textContent = ageWords(Date.now() - Date.parse(oldest.dataset.since), this.dataset)
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
    const answer = await ask(button.formAction, { data: { [button.name]: button.value }, csrf: csrfOf(this.#form) })
    if (answer?.status !== 200) {
      release()
      this.#problem(this.#explain(answer))
      return
    }
    setTimeout(release, BUSY_MS) // the frame replaces the button long before
    if (button.dataset.act === "undo") this.#offerUndo(null)
    else if (card && answer.json.undo) this.#offerUndo(button, card, answer.json.undo)
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

  #offerUndo(button, card, decision) {
    const bar = this.querySelector("[data-undo][role=status]")
    clearTimeout(this.#undoing)
    bar.hidden = !button
    this.#offered = card?.dataset.key ?? null
    if (!button) return bar.querySelector("[data-undo-words]").replaceChildren()
    bar.querySelector("[data-undo-words]").textContent = button.dataset.done.replace("{text}", excerpt(card.querySelector("[data-text]").textContent))
    const undo = bar.querySelector("button")
    undo.setAttribute("formaction", button.dataset.undo)
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
